BeforeAll {
    Import-Module (Join-Path $PSScriptRoot .. .. Allspark.psd1)
    $schedule = Split-VitWorkload swin_t -Array stack-16x16 | Invoke-AllsparkSchedule
}

Describe 'Measure-PimInference' {
    BeforeAll {
        $measurement = $schedule | Measure-PimInference
    }

    It 'gives latency, energy and utilisation that agree with each other' {
        $measurement.LatencySeconds | Should -BeGreaterThan 0
        $measurement.LatencyCycles | Should -Be ([Math]::Ceiling($measurement.LatencySeconds * $measurement.Array.Node.ClockHertz))
        $measurement.Utilization | Should -Be ($measurement.Model.Macs / ($measurement.Array.PeakMacsPerSecond * $measurement.LatencySeconds))
        $measurement.EnergyJoules | Should -Be $measurement.Energy.TotalJoules
        $measurement.Efficiency | Should -BeGreaterThan 0
        $measurement.Efficiency | Should -BeLessOrEqual 1
        $measurement.Bounds.LargestSeconds | Should -BeLessOrEqual $measurement.LatencySeconds
        $measurement.RunId | Should -BeNullOrEmpty
    }

    It 'has a row for each phase, which add up' {
        $measurement.Phases.Count | Should -Be $schedule.Phases.Count
        $sum = ($measurement.Phases | Measure-Object LatencySeconds -Sum).Sum + $schedule.Output.LatencySeconds
        [Math]::Abs($sum / $measurement.LatencySeconds - 1) | Should -BeLessThan 1e-12
    }

    It 'measures the same to the last bit' {
        $again = $schedule | Measure-PimInference
        $again.LatencySeconds.ToString('R') | Should -Be $measurement.LatencySeconds.ToString('R')
        $again.EnergyJoules.ToString('R') | Should -Be $measurement.EnergyJoules.ToString('R')
    }

    It 'measures by -Fidelity' {
        ($schedule | Measure-PimInference -Fidelity Analytic).Fidelity | Should -Be 'Analytic'
        $byEvents = $schedule | Measure-PimInference -Fidelity Event
        $byEvents.Fidelity | Should -Be 'Event'
        $ratio = $byEvents.LatencySeconds / ($schedule | Measure-PimInference).LatencySeconds
        [math]::Abs($ratio - 1) | Should -BeLessThan 0.1
        { $schedule | Measure-PimInference -Fidelity Guess } | Should -Throw -ErrorId 'CannotConvertArgumentNoMessage,*'
    }
}

Describe 'Measure-PimInference -LogTo' {
    It 'logs a run that Get-AllsparkRun reads' {
        $store = Join-Path $TestDrive one.db
        $measurement = $schedule | Measure-PimInference -LogTo $store -Experiment trial
        $run = Get-AllsparkRun $store
        $run.Id | Should -Be $measurement.RunId
        $run.Experiment | Should -Be 'trial'
        $run.Model | Should -Be 'swin_t'
        $run.Array | Should -Be 'stack-16x16'
        $run.LatencySeconds | Should -Be $measurement.LatencySeconds
        $run.ModelHash | Should -Be $measurement.Model.ContentHash
        $run.Provenance.Runtime | Should -BeLike '.NET*'
    }

    It 'adds an execution when the same run is logged again' {
        $store = Join-Path $TestDrive twice.db
        1..2 | ForEach-Object { $schedule | Measure-PimInference -LogTo $store } | Out-Null
        $run = @(Get-AllsparkRun $store)
        $run.Count | Should -Be 1
        $run.Executions | Should -Be 2
    }

    It 'takes a PowerShell path' {
        Push-Location $TestDrive
        try {
            $schedule | Measure-PimInference -LogTo relative.db | Out-Null
            Join-Path $TestDrive relative.db | Should -Exist
            $schedule | Measure-PimInference -LogTo TestDrive:/drive.db | Out-Null
            Join-Path $TestDrive drive.db | Should -Exist
        }
        finally {
            Pop-Location
        }
    }

    It 'refuses a store that is <Name> before anything is computed, and leaves it as it was' -ForEach @(
        @{ Name = 'read-only'; Id = 'RunStoreReadOnly'; Category = 'PermissionDenied' }
        @{ Name = 'no database'; Id = 'NotARunStore'; Category = 'InvalidData' }
        @{ Name = 'corrupt'; Id = 'RunStoreCorrupt'; Category = 'InvalidData' }
    ) {
        $store = Join-Path $TestDrive "$($Name -replace ' ').db"
        switch ($Name) {
            'no database' { [IO.File]::WriteAllText($store, 'my notes, ' * 500) }
            default { 1..8 | ForEach-Object { $workload = Split-VitWorkload deit_ti -Array stack-8x8 } { $workload | Invoke-AllsparkSchedule -Solver Greedy -Seed $_ } | Measure-PimInference -LogTo $store | Out-Null }
        }
        if ($Name -eq 'corrupt') {
            $bytes = [IO.File]::ReadAllBytes($store)
            for ($i = 4096; $i -lt $bytes.Length - 4096; $i++) { $bytes[$i] = 0xA5 }
            [IO.File]::WriteAllBytes($store, $bytes)
        }
        if ($Name -eq 'read-only') {
            Set-ItemProperty $store IsReadOnly $true
        }
        $before = (Get-FileHash $store).Hash
        $computed = [System.Collections.Generic.List[string]]::new()
        $failure = $null
        try {
            Get-DnnModel swin_t | ForEach-Object { $computed.Add($_.Name); $_ } | Split-VitWorkload -Array stack-16x16 |
                Invoke-AllsparkSchedule | Measure-PimInference -LogTo $store
        }
        catch {
            $failure = $_
        }
        $failure.FullyQualifiedErrorId | Should -Be "$Id,Allspark.PowerShell.Commands.MeasurePimInferenceCommand"
        $failure.CategoryInfo.Category | Should -Be $Category
        "$failure" | Should -BeLike "*$([IO.Path]::GetFileName($store))*"
        "$failure" | Should -Not -Match "`n"
        $computed.Count | Should -Be 0
        (Get-FileHash $store).Hash | Should -Be $before
    }

    It 'refuses a store in a folder that is not there' {
        { $schedule | Measure-PimInference -LogTo (Join-Path $TestDrive nowhere runs.db) } | Should -Throw -ErrorId 'RunStoreNotFound,*'
    }
}

Describe 'Measure-PimGemm' {
    It 'counts the cycles of <Dataflow> as the closed form does' -ForEach @(
        @{ Dataflow = 'WeightStationary'; Cycles = (2 * 16 + 8 + 49 - 2) * 6 * 36 }
        @{ Dataflow = 'OutputStationary'; Cycles = (16 + 8 + 96 - 2) * 4 * 36 }
        @{ Dataflow = 'InputStationary'; Cycles = (2 * 16 + 8 + 288 - 2) * 6 * 7 }
    ) {
        $result = Measure-PimGemm -M 49 -K 96 -N 288 -Rows 16 -Columns 8 -Dataflow $Dataflow
        $result.Cycles | Should -Be $Cycles
        $result.Utilization | Should -Be (49 * 96 * 288 / ($Cycles * 128))
        $result.Dataflow | Should -Be $Dataflow
    }

    It 'takes the fastest dataflow unless told which' {
        $all = 'WeightStationary', 'OutputStationary', 'InputStationary' | ForEach-Object { Measure-PimGemm 49 96 288 -Rows 16 -Columns 8 -Dataflow $_ }
        (Measure-PimGemm 49 96 288 -Rows 16 -Columns 8).LatencySeconds | Should -Be ($all | Measure-Object LatencySeconds -Minimum).Minimum
    }

    It 'moves no fewer bytes than the operands have, at each precision' {
        $half = Measure-PimGemm 197 768 768 -Rows 8 -Columns 8
        $half.DramBytes | Should -BeGreaterOrEqual (2 * (197 * 768 + 768 * 768 + 197 * 768))
        (Measure-PimGemm 197 768 768 -Rows 8 -Columns 8 -Precision Int8).DramBytes | Should -BeLessThan $half.DramBytes
    }

    It 'takes <Parameter> of the node' -ForEach @(
        @{ Parameter = 'BufferBytes'; Value = 16KB; Result = 'DramBytes' }
        @{ Parameter = 'MemoryBandwidthBytesPerSecond'; Value = 1e9; Result = 'MemorySeconds' }
        @{ Parameter = 'ClockHertz'; Value = 1e9; Result = 'ComputeSeconds' }
    ) {
        $given = @{ $Parameter = $Value }
        (Measure-PimGemm 197 768 768 -Rows 8 -Columns 8 @given).$Result | Should -Not -Be (Measure-PimGemm 197 768 768 -Rows 8 -Columns 8).$Result
    }

    It 'takes the node of an array' {
        $result = Measure-PimGemm 197 768 768 -Array stack-4x4
        $result.Rows | Should -Be 14
        $result.Columns | Should -Be 14
    }

    It 'gives a row for each product of a network, with all its MACs' -ForEach 'swin_t', 'cswin_t', 'pvt_s', 'resnet50', 'gpt3_xl' {
        $model = Get-DnnModel $_
        $rows = $model | Measure-PimGemm -Array stack-16x16
        ($rows | Measure-Object Macs -Sum).Sum | Should -Be $model.Macs
        $rows.LayerID | Should -Be (0..($rows.Count - 1))
        $rows[0].Model | Should -Be $model.Name
        $rows[0].Precision | Should -Be $model.Precision
        ($rows | Where-Object Operation -EQ scores).Count | Should -Be $model.Blocks.Count
    }

    It 'reports a topology as SCALE-Sim does, column by column' {
        $peers = Join-Path $PSScriptRoot .. Engine.Tests Data peers
        $theirs = Import-Csv (Join-Path $peers small_cnn_report.csv)
        $rows = Import-DnnModel (Join-Path $peers small_cnn.csv) | Measure-PimGemm -Rows 4 -Columns 4 -Dataflow WeightStationary
        $csv = $rows | Select-Object ComputeReport | ConvertTo-Csv
        $csv[0] -replace '"' | Should -Be 'LayerID,Total Cycles,Stall Cycles,Overall Util %,Mapping Efficiency %,Compute Util %'
        $ours = $csv | ConvertFrom-Csv
        $ours.'Total Cycles' | Should -Be $theirs.cycles
        foreach ($i in 0..4) {
            [double]$ours[$i].'Overall Util %' | Should -BeLessThan ([double]$theirs[$i].overall_util + 1e-9)
            [double]$ours[$i].'Overall Util %' | Should -BeGreaterThan ([double]$theirs[$i].overall_util - 1e-9)
            [double]$ours[$i].'Mapping Efficiency %' | Should -BeLessThan ([double]$theirs[$i].mapping_efficiency + 1e-9)
            [double]$ours[$i].'Compute Util %' | Should -BeGreaterThan ([double]$theirs[$i].compute_util - 1e-9)
        }

        $access = $rows | Select-Object AccessReport
        $access.'SRAM IFMAP Reads' | Should -Be $theirs.ifmap_reads
        $access.'SRAM Filter Reads' | Should -Be $theirs.filter_reads
        $access.'SRAM OFMAP Writes' | Should -Be $theirs.ofmap_writes
        ($rows | Select-Object BandwidthReport)[0].'Avg IFMAP SRAM BW' | Should -Be (124416 / 32395)
    }

    It 'takes products from the pipeline by property' {
        $table = "M,K,N,Rows,Columns`n49,96,288,8,8`n197,384,384,16,16" | ConvertFrom-Csv
        ($table | Measure-PimGemm).M | Should -Be 49, 197
    }

    It 'refuses a dimension of 0' {
        { Measure-PimGemm 0 96 288 -Rows 8 -Columns 8 } | Should -Throw -ErrorId 'ParameterArgumentValidationError*'
    }

    It 'reports a product too large to count' {
        { Measure-PimGemm 2147483647 2147483647 2147483647 -Rows 1 -Columns 1 -ErrorAction Stop } |
            Should -Throw -ErrorId 'InvalidArgument,Allspark.PowerShell.Commands.MeasurePimGemmCommand'
    }
}
