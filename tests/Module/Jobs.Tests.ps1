BeforeAll {
    Import-Module (Join-Path $PSScriptRoot .. .. Allspark.psd1)
    $workload = Split-VitWorkload swin_t -Array stack-16x16
    $schedule = $workload | Invoke-AllsparkSchedule -Solver Greedy

    # Endless as far as a test is concerned.
    $long = @{ Array = 'stack-16x16'; InjectionRate = 0.1; SampleCycles = 100000000; CycleLimit = 1000000000 }
}

AfterAll {
    Get-Job | Where-Object PSJobTypeName -EQ AllsparkJob | Remove-Job -Force
}

Describe 'A cmdlet with -AsJob' -Tag Slow {
    It 'is <_>' -ForEach 'Invoke-AllsparkSchedule', 'Measure-PimInference', 'Measure-PimTraffic', 'Test-AllsparkSchedule' {
        (Get-Command $_).Parameters.AsJob.SwitchParameter | Should -BeTrue
        (Get-Command $_).OutputType.Type | Should -Contain ([System.Management.Automation.Job])
    }

    It 'emits one job, which the session lists' {
        $job = $workload, $workload | Invoke-AllsparkSchedule -Solver Greedy -AsJob
        $job | Should -HaveCount 1
        $job.PSJobTypeName | Should -Be AllsparkJob
        $job.Command | Should -BeLike '*Invoke-AllsparkSchedule -Solver Greedy -AsJob*'
        (Get-Job -Id $job.Id).InstanceId | Should -Be $job.InstanceId
        (Get-Job -Name $job.Name).InstanceId | Should -Be $job.InstanceId
        (Wait-Job $job -Timeout 60).State | Should -Be Completed
        $job.HasMoreData | Should -BeTrue
        @(Receive-Job $job) | Should -HaveCount 2
        $job.HasMoreData | Should -BeFalse
        Remove-Job $job
        Get-Job -Id $job.Id -ErrorAction Ignore | Should -BeNullOrEmpty
    }

    It 'gives what the cmdlet gives at once' {
        $given = Invoke-AllsparkSchedule $workload -Solver Greedy -Objective Energy -AsJob | Receive-Job -Wait -AutoRemoveJob
        $given.GetType() | Should -Be $schedule.GetType()
        $given.Solver.Objective | Should -Be ($workload | Invoke-AllsparkSchedule -Solver Greedy -Objective Energy).Solver.Objective

        $measured = $schedule | Measure-PimInference -Fidelity Event -AsJob | Receive-Job -Wait -AutoRemoveJob
        $measured.LatencySeconds | Should -Be ($schedule | Measure-PimInference -Fidelity Event).LatencySeconds

        $traffic = 0.1, 0.2 | Measure-PimTraffic stack-4x4 -SampleCycles 500 -AsJob | Receive-Job -Wait -AutoRemoveJob
        $traffic | Should -Be (0.1, 0.2 | Measure-PimTraffic stack-4x4 -SampleCycles 500)

        Test-AllsparkSchedule $schedule -Quiet -AsJob | Receive-Job -Wait -AutoRemoveJob | Should -BeTrue
    }

    It 'finds files where the session is' {
        Push-Location $TestDrive
        try {
            Set-Content packets.csv 'cycle,source,target,flits', '0,0,3,1'
            $job = Measure-PimTraffic stack-4x4 -TracePath packets.csv -AsJob
            (Receive-Job $job -Wait -AutoRemoveJob).Packets | Should -Be 1
            $logged = $schedule | Measure-PimInference -LogTo jobs.db -AsJob | Receive-Job -Wait -AutoRemoveJob
            (Get-AllsparkRun jobs.db).Id | Should -Be $logged.RunId
        }
        finally {
            Pop-Location
        }
    }

    It 'keeps the errors of items, and goes on' {
        $job = 0.1, 2, 0.2 | Measure-PimTraffic stack-4x4 -SampleCycles 200 -AsJob | Wait-Job
        $job.State | Should -Be Completed
        $job.Error.FullyQualifiedErrorId | Should -Be 'InvalidArgument,Allspark.PowerShell.Commands.MeasurePimTrafficCommand'
        $received = Receive-Job $job -ErrorAction SilentlyContinue -ErrorVariable wrong
        $received | Should -HaveCount 2
        $wrong | Should -HaveCount 1
        "$wrong" | Should -BeLike '*at most 1*'
    }

    It 'fails with the error that ends the cmdlet' {
        $job = $workload | Invoke-AllsparkSchedule -Solver none -AsJob | Wait-Job
        $job.State | Should -Be Failed
        Receive-Job $job -ErrorAction SilentlyContinue -ErrorVariable wrong | Should -BeNullOrEmpty
        $wrong.FullyQualifiedErrorId | Should -Be 'UnknownPreset,Allspark.PowerShell.Commands.InvokeAllsparkScheduleCommand'
    }

    It 'obeys -ErrorAction' {
        $job = 2, 0.1 | Measure-PimTraffic stack-4x4 -SampleCycles 200 -ErrorAction Stop -AsJob | Wait-Job
        $job.State | Should -Be Failed
        $job.Error.FullyQualifiedErrorId | Should -Be 'InvalidArgument,Allspark.PowerShell.Commands.MeasurePimTrafficCommand'
        $job.Output | Should -HaveCount 0
    }

    It 'is stopped by Stop-Job' {
        $job = Measure-PimTraffic @long -AsJob
        $job.State | Should -Be Running
        Wait-Job $job -Timeout 1 | Should -BeNullOrEmpty
        Stop-Job $job
        $job.State | Should -Be Stopped
        Receive-Job $job | Should -BeNullOrEmpty
    }

    It 'is ended by Remove-Job -Force, and kept without' {
        $job = Measure-PimTraffic @long -AsJob
        { Remove-Job $job -ErrorAction Stop } | Should -Throw -ErrorId 'JobObjectNotFinishedCannotBeRemoved,*'
        Remove-Job $job -Force
        $job.State | Should -Be Stopped
        Get-Job -Id $job.Id -ErrorAction Ignore | Should -BeNullOrEmpty
    }

    It 'leaves no job behind a pipeline that ends before it is whole' {
        $before = @(Get-Job).Count
        { 0.1, 0.2 | ForEach-Object { if ($_ -eq 0.2) { throw 'no more' } $_ } | Measure-PimTraffic stack-4x4 -AsJob } | Should -Throw 'no more'
        @(Get-Job).Count | Should -Be $before
    }
}
