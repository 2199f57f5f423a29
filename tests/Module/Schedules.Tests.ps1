BeforeAll {
    Import-Module (Join-Path $PSScriptRoot .. .. Allspark.psd1)
}

Describe 'Split-VitWorkload' {
    It 'splits under every scheme, for every array' {
        $workloads = Get-DnnModel swin_t | Split-VitWorkload -Array stack-4x4, (New-PimArray stack-8x8) -Scheme Allspark, TensorParallel
        $workloads.Count | Should -Be 4
        "$($workloads.Scheme)" | Should -Be 'Allspark TensorParallel Allspark TensorParallel'
        $workloads.Array.Name | Should -Be 'stack-4x4', 'stack-4x4', 'stack-8x8', 'stack-8x8'
    }

    It 'takes presets'' names for the model and the array' {
        $workload = Split-VitWorkload swin_t -Array stack-8x8
        $workload.Model.Name | Should -Be 'swin_t'
        $workload.Scheme | Should -Be 'Allspark'
        ('swin_t', 'deit_s' | Split-VitWorkload stack-8x8).Model.Name | Should -Be 'swin_t', 'deit_s'
    }

    It 'gives branches, phases and options' {
        $workload = Split-VitWorkload swin_t -Array stack-16x16
        $workload.Branches.Count | Should -Be (2 * 192 + 2 * 96 + 6 * 48 + 2 * 24)
        $workload.Phases.Count | Should -Be (12 * 2 + 5)
        $workload.OptionCount | Should -Be ($workload.Options | ForEach-Object Count | Measure-Object -Sum).Sum
        ($workload.Phases | Measure-Object Macs -Sum).Sum | Should -Be (Get-DnnModel swin_t).Macs
    }

    It 'names the near matches of an array that there is not' {
        { Split-VitWorkload swin_t -Array stack-16x17 } | Should -Throw '*stack-16x17*stack-16x16*'
    }
}

Describe 'Invoke-AllsparkSchedule' {
    BeforeAll {
        $workload = Split-VitWorkload swin_t -Array stack-16x16
        $exact = $workload | Invoke-AllsparkSchedule
    }

    It 'proves the optimum by default' {
        $exact.Solver.Name | Should -Be 'Exact'
        $exact.Solver.Status | Should -Be 'Optimal'
        $exact.Solver.Gap | Should -Be 0
        $exact.Phases.Count | Should -Be $workload.Phases.Count
        $exact.Placement.Count | Should -Be $workload.Phases.Count
    }

    It 'binds windows to groups without loss, and compares placements' {
        $small = Split-VitWorkload swin_t -Array stack-8x8
        $structured = $small | Invoke-AllsparkSchedule
        $bound = $small | Invoke-AllsparkSchedule -BindPlacement
        $bound.Solver.Objective | Should -Be $structured.Solver.Objective
        $bound | Test-AllsparkSchedule -Quiet | Should -BeTrue
        ($bound | Measure-PimInference).LatencySeconds | Should -BeLessThan ($structured | Measure-PimInference).LatencySeconds
        $comparison = $bound.ComparePlacements(3)
        $comparison.Scheduled.ByteHops | Should -BeLessThan $comparison.Structured.ByteHops
        $comparison.Structured.ByteHops | Should -BeLessThan $comparison.Random.ByteHops
        $comparison.LowerBoundByteHops | Should -BeLessOrEqual $comparison.Bound.ByteHops
        $comparison.Seed | Should -Be 3
    }

    It 'solves greedily no better' {
        $greedy = $workload | Invoke-AllsparkSchedule -Solver greedy
        $greedy.Solver.Name | Should -Be 'Greedy'
        $greedy.Solver.Status | Should -Be 'Feasible'
        $greedy.Solver.Objective | Should -BeGreaterOrEqual $exact.Solver.Objective
    }

    It 'minimises energy with -Objective Energy' {
        $frugal = $workload | Invoke-AllsparkSchedule -Objective Energy | Measure-PimInference
        $fast = $exact | Measure-PimInference
        $frugal.EnergyJoules | Should -BeLessThan $fast.EnergyJoules
        $frugal.LatencySeconds | Should -BeGreaterThan $fast.LatencySeconds
    }

    It 'keeps the seed' {
        ($workload | Invoke-AllsparkSchedule -Solver Greedy -Seed 7).Solver.Seed | Should -Be 7
    }

    It 'stops at -TimeLimit with a schedule and a bound, a number being seconds' {
        $hurried = Split-VitWorkload vit_b_16 -Array stack-16x16 | Invoke-AllsparkSchedule -TimeLimit 0.000001
        $hurried.Solver.Status | Should -Be 'Feasible'
        $hurried.Solver.Bound | Should -BeLessThan $hurried.Solver.Objective
        $hurried | Test-AllsparkSchedule -Quiet | Should -BeTrue
        ($workload | Invoke-AllsparkSchedule -TimeLimit ([timespan]::FromMinutes(5))).Solver.Status | Should -Be 'Optimal'
    }

    It 'takes the time <Text> for <Seconds> s' -ForEach @(
        @{ Text = '10s'; Value = 10s; Seconds = 10 } # PowerShell's literal, an Int16
        @{ Text = '10y'; Value = 10y; Seconds = 10 }
        @{ Text = '10uy'; Value = 10uy; Seconds = 10 }
        @{ Text = '10us'; Value = 10us; Seconds = 10 }
        @{ Text = '10u'; Value = 10u; Seconds = 10 }
        @{ Text = '10l'; Value = 10l; Seconds = 10 }
        @{ Text = '10ul'; Value = 10ul; Seconds = 10 }
        @{ Text = '10n'; Value = 10n; Seconds = 10 }
        @{ Text = '0.5d'; Value = 0.5d; Seconds = 0.5 }
        @{ Text = '[float] 0.5'; Value = [float] 0.5; Seconds = 0.5 }
        @{ Text = "'10'"; Value = '10'; Seconds = 10 }
        @{ Text = "'10s'"; Value = '10s'; Seconds = 10 }
        @{ Text = "'250 ms'"; Value = '250 ms'; Seconds = 0.25 }
        @{ Text = "'2min'"; Value = '2min'; Seconds = 120 }
        @{ Text = "'00:00:10'"; Value = '00:00:10'; Seconds = 10 }
        @{ Text = '[timespan]'; Value = [timespan] '00:00:10'; Seconds = 10 }
    ) {
        $transformation = (Get-Command Invoke-AllsparkSchedule).Parameters.TimeLimit.Attributes |
            Where-Object { $_.GetType().Name -eq 'SecondsTransformationAttribute' }
        $transformation.Transform($null, $Value).TotalSeconds | Should -Be $Seconds
        $transformation.Transform($null, [psobject] $Value).TotalSeconds | Should -Be $Seconds
    }

    It 'proves the optimum within 10s' {
        ($workload | Invoke-AllsparkSchedule -TimeLimit 10s).Solver.Status | Should -Be 'Optimal'
    }

    It 'holds the time limit while the program is built' {
        $large = Split-VitWorkload -Array stack-16x16 -InputObject (Get-DnnModel resnet18 -Resolution 2048)
        $time = Measure-Command { $script:hurried = $large | Invoke-AllsparkSchedule -TimeLimit 2 }
        $time.TotalSeconds | Should -BeLessThan 8
        $hurried | Test-AllsparkSchedule -Quiet | Should -BeTrue
    }

    It 'shows <Objective> in <Unit>' -ForEach @(
        @{ Objective = 'Latency'; Unit = 'ms'; Counts = 'ps' }
        @{ Objective = 'Energy'; Unit = 'mJ'; Counts = 'pJ' }
        @{ Objective = 'EnergyDelayProduct'; Unit = 'µJ·s'; Counts = 'fJ·s' }
    ) {
        $schedule = $workload | Invoke-AllsparkSchedule -Objective $Objective
        $schedule.Solver.Unit | Should -Be $Counts
        $schedule.ObjectiveText | Should -Match "^\d+\.\d{3} $Unit$"
        $schedule | Format-Table | Out-String | Should -Match ([regex]::Escape($schedule.ObjectiveText))
        $schedule | Format-List | Out-String | Should -Match ([regex]::Escape($schedule.ObjectiveText))
    }

    It 'refuses a time limit of <_>' -ForEach 0, -1, 'soon', '-00:00:01', '10 parsecs' {
        { $workload | Invoke-AllsparkSchedule -TimeLimit $_ -ErrorAction Stop } | Should -Throw
    }

    It 'names the solvers that there are' {
        { $workload | Invoke-AllsparkSchedule -Solver Exakt } |
            Should -Throw '*Exakt*Exact*' -ErrorId 'UnknownPreset,Allspark.PowerShell.Commands.InvokeAllsparkScheduleCommand'
    }

    It 'says of a model too large how many bytes are missing and which phase binds, and goes on' {
        $small = New-PimArray stack-16x16 -NodeMemoryBytes 8KB -Name small
        $schedules = Split-VitWorkload swin_t -Array $small, stack-16x16 |
            Invoke-AllsparkSchedule -ErrorVariable failures -ErrorAction SilentlyContinue
        $schedules.Array.Name | Should -Be 'stack-16x16'
        $failures.Count | Should -Be 1
        $failures[0].FullyQualifiedErrorId | Should -Be 'CapacityExceeded,Allspark.PowerShell.Commands.InvokeAllsparkScheduleCommand'
        $failures[0].CategoryInfo.Category | Should -Be 'LimitsExceeded'
        $failures[0].TargetObject.Array.Name | Should -Be 'small'
        $failures[0].Exception.MissingBytes | Should -BeGreaterThan 0
        $failures[0].Exception.Message | Should -BeLike "*$('{0:N0}' -f $failures[0].Exception.MissingBytes) bytes are missing*$($failures[0].Exception.Phase)*It fits on stack-*"
    }
}

Describe 'Test-AllsparkSchedule' {
    It 'passes what <Solver> gives under <Scheme>' -ForEach @(
        foreach ($scheme in 'Allspark', 'WholeBranch', 'TokenParallel', 'TensorParallel', 'LayerPipeline') {
            @{ Solver = 'Exact'; Scheme = $scheme }
        }
        @{ Solver = 'Greedy'; Scheme = 'Allspark' }
    ) {
        $report = Split-VitWorkload deit_ti -Array stack-8x8 -Scheme $Scheme | Invoke-AllsparkSchedule -Solver $Solver | Test-AllsparkSchedule
        $report.Passed | Should -BeTrue
        $report.Findings | Should -BeNullOrEmpty
        $report.ChecksRun.Count | Should -BeGreaterThan 5
        $report.Model | Should -Be 'deit_ti'
    }

    It 'runs a schedule with numbers and finds the network''s own result' {
        $schedule = Split-VitWorkload (Get-DnnModel swin_t -Resolution 64) -Array stack-4x4 | Invoke-AllsparkSchedule -Solver Greedy
        $report = $schedule | Test-AllsparkSchedule -Numeric -Seed 5
        $report.Passed | Should -BeTrue
        $report.Seed | Should -Be 5
        $report.MaxRelativeError | Should -BeGreaterThan 0
        $report.MaxRelativeError | Should -BeLessThan 1e-4
        $report.Phases.Count | Should -Be $schedule.Phases.Count
        $report.Model | Should -Be 'swin_t'
        $schedule | Test-AllsparkSchedule -Numeric -Quiet | Should -BeTrue
    }

    It 'lets windows trade places with their tokens, and names the phase of one that has no place' {
        $schedule = Split-VitWorkload (Get-DnnModel swin_t -Resolution 64) -Array stack-4x4 | Invoke-AllsparkSchedule -Solver Greedy
        $phase = @($schedule.Phases | Where-Object { $_.Kind -eq 'Attention' -and $_.Groups -gt 1 })[0]
        $slots = [int[]] $phase.Placement.WindowSlots
        $placement = $phase.Placement.GetType()
        [array]::Reverse($slots)
        $placement.GetProperty('WindowSlots').SetValue($phase.Placement, $slots)
        ($schedule | Test-AllsparkSchedule -Numeric).Passed | Should -BeTrue
        $slots[0] = $phase.Groups
        $placement.GetProperty('WindowSlots').SetValue($phase.Placement, $slots)
        $report = $schedule | Test-AllsparkSchedule -Numeric
        $report.Passed | Should -BeFalse
        $report.Findings[0].Phase | Should -Be "$($phase.Block) Attention"
        $report.Findings[0].Message | Should -BeLike "placement: * on slot $($phase.Groups)*"
        @($report.Findings.Message) -like '*nobody computes it*' | Should -Not -BeNullOrEmpty
    }

    It 'finds what is wrong with a schedule that was meddled with, which is then not measured' {
        $schedule = Split-VitWorkload deit_ti -Array stack-8x8 | Invoke-AllsparkSchedule -Solver Greedy
        # The same choice for an array whose nodes are too small for it.
        $small = New-PimArray stack-8x8 -NodeMemoryBytes 1KB -Name small
        $workload = $schedule.Workload.'<Clone>$'()
        $workload.GetType().GetProperty('Array').SetValue($workload, $small)
        $meddled = $schedule.'<Clone>$'()
        $meddled.GetType().GetProperty('Workload').SetValue($meddled, $workload)

        $report = $meddled | Test-AllsparkSchedule
        $report.Passed | Should -BeFalse
        $report.Findings[0].Rule | Should -Be 'capacity'
        $meddled | Test-AllsparkSchedule -Quiet | Should -BeFalse
        { $meddled | Measure-PimInference -ErrorAction Stop } |
            Should -Throw '*not legal*' -ErrorId 'IllegalSchedule,Allspark.PowerShell.Commands.MeasurePimInferenceCommand'
    }
}

Describe 'Invoke-AllsparkSchedule with constraints' {
    BeforeAll {
        $workload = Split-VitWorkload deit_ti -Array stack-4x4
        $free = $workload | Invoke-AllsparkSchedule
    }

    It 'follows what is fixed and forbidden' {
        $schedule = $workload | Invoke-AllsparkSchedule -Fix *.Attention=2x4 -Forbid *=streamed, *.FeedForward=s1
        $attention = $schedule.Phases | Where-Object Kind -EQ Attention
        ($attention | Select-Object -Unique GroupRows, GroupColumns | ForEach-Object { "$($_.GroupRows)x$($_.GroupColumns)" }) | Should -Be '2x4'
        $schedule.Phases.Streamed | Should -Not -Contain $true
        ($schedule.Phases | Where-Object Kind -EQ FeedForward).SharingDegree | Should -Not -Contain 1
        $schedule.Solver.Objective | Should -BeGreaterOrEqual $free.Solver.Objective
    }

    It 'leaves nodes idle with -MaxNodes' {
        $schedule = Split-VitWorkload deit_ti -Array stack-4x4 | Invoke-AllsparkSchedule -MaxNodes 8
        ($schedule.Phases | ForEach-Object { $_.Groups * $_.GroupRows * $_.GroupColumns } | Measure-Object -Maximum).Maximum | Should -BeLessOrEqual 8
        ($schedule | Test-AllsparkSchedule).Passed | Should -BeTrue
    }

    It 'refuses <Fix> with the reason' -ForEach @(
        @{ Fix = , 'nowhere=4x4'; Reason = '*nowhere=4x4*names no phase*' }
        @{ Fix = 'head=4x4', 'head=2x2'; Reason = '*head.Projection*contradict*' }
        @{ Fix = , 'head=3x3'; Reason = '*head.Projection*without an option*' }
    ) {
        { $workload | Invoke-AllsparkSchedule -Fix $Fix -ErrorAction Stop } |
            Should -Throw $Reason -ErrorId 'InvalidArgument,Allspark.PowerShell.Commands.InvokeAllsparkScheduleCommand'
    }

    It 'refuses a rule that is none before any work' {
        { $workload | Invoke-AllsparkSchedule -Forbid 4x4 } | Should -Throw "*'4x4' is not a rule*"
    }
}

Describe 'Invoke-AllsparkSchedule with energy in mind' {
    BeforeAll {
        $workload = Split-VitWorkload deit_ti -Array stack-4x4
    }

    It 'finds a product of latency and energy below those of the fastest and the thriftiest' {
        $product, $fast, $thrifty = 'EnergyDelayProduct', 'Latency', 'Energy' | ForEach-Object {
            $measured = $workload | Invoke-AllsparkSchedule -Objective $_ | Measure-PimInference
            $measured.LatencySeconds * $measured.EnergyJoules
        }
        $product | Should -BeLessOrEqual $fast
        $product | Should -BeLessOrEqual $thrifty
    }

    It 'stays within -MaxEnergy with <_>' -ForEach 'Exact', 'Greedy' {
        $fast, $thrifty = 'Latency', 'Energy' | ForEach-Object { $workload | Invoke-AllsparkSchedule -Objective $_ | Measure-PimInference }
        $budget = ($fast.EnergyJoules + $thrifty.EnergyJoules) / 2
        $schedule = $workload | Invoke-AllsparkSchedule -Solver $_ -MaxEnergy $budget
        $measured = $schedule | Measure-PimInference
        $measured.EnergyJoules | Should -BeLessOrEqual $budget
        $measured.LatencySeconds | Should -BeGreaterOrEqual $fast.LatencySeconds
        $schedule.Solver.Objective | Should -BeGreaterOrEqual $schedule.Solver.Bound
    }

    It 'names the least energy where the budget is below it' {
        $thrifty = $workload | Invoke-AllsparkSchedule -Objective Energy | Measure-PimInference
        $workload | Invoke-AllsparkSchedule -MaxEnergy ($thrifty.EnergyJoules / 2) -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures[0].FullyQualifiedErrorId | Should -Be 'EnergyBudgetTooLow,Allspark.PowerShell.Commands.InvokeAllsparkScheduleCommand'
        $failures[0].Exception.LeastJoules | Should -BeGreaterThan ($thrifty.EnergyJoules * 0.999999)
        $failures[0].Exception.LeastJoules | Should -BeLessThan ($thrifty.EnergyJoules * 1.000001)
    }

    It 'emits a front from the fastest schedule on' {
        $front = $workload | Invoke-AllsparkSchedule -Pareto
        $front.Count | Should -BeGreaterThan 2
        $front[0].Solver.Objective | Should -Be ($workload | Invoke-AllsparkSchedule).Solver.Objective
        $front.PeakNodeMemoryBytes | Sort-Object -Unique | Should -Not -HaveCount 1
    }

    It 'does not write a product as a linear program' {
        { $workload | Export-AllsparkProgram (Join-Path $TestDrive product.lp) -Objective EnergyDelayProduct -ErrorAction Stop } |
            Should -Throw '*product*linear*' -ErrorId 'InvalidArgument,Allspark.PowerShell.Commands.ExportAllsparkProgramCommand'
    }
}

Describe 'Runs of constrained schedules' {
    It 'are logged apart from those without constraints, and once each' {
        $store = Join-Path $TestDrive constrained.db
        $workload = Split-VitWorkload deit_ti -Array stack-4x4
        foreach ($again in 1, 2) {
            $workload | Invoke-AllsparkSchedule -Solver Greedy | Measure-PimInference -LogTo $store | Out-Null
            $workload | Invoke-AllsparkSchedule -Solver Greedy -MaxNodes 8 | Measure-PimInference -LogTo $store | Out-Null
            $workload | Invoke-AllsparkSchedule -Solver Greedy -Fix head=1x1 | Measure-PimInference -LogTo $store | Out-Null
        }

        (Get-AllsparkRun $store).Count | Should -Be 3
    }

    It 'of a front have identities of their own' {
        $store = Join-Path $TestDrive front.db
        $workload = Split-VitWorkload deit_ti -Array stack-4x4
        $front = $workload | Invoke-AllsparkSchedule -Pareto
        $front | Measure-PimInference -LogTo $store -WarningVariable warnings -WarningAction SilentlyContinue | Out-Null
        $warnings | Should -BeNullOrEmpty
        (Get-AllsparkRun $store).Identity | Select-Object -Unique | Should -HaveCount $front.Count
    }
}

Describe 'The weights of a schedule' {
    It 'say who keeps which slice, what is fetched and how often it is read' {
        $schedule = Split-VitWorkload swin_t -Array (New-PimArray stack-16x16 -NodeMemoryBytes 1MB) | Invoke-AllsparkSchedule -Solver Greedy
        $weights = $schedule.Weights
        foreach ($phase in $schedule.Phases) {
            $rings = @($weights | Where-Object { $_.Block -eq $phase.Block -and $_.Kind -eq $phase.Kind })
            $rings.Count | Should -BeGreaterThan 0
            $rings.Nodes.Count | Select-Object -Unique | Should -Not -BeNullOrEmpty
            ($rings | ForEach-Object { $_.Nodes.Count } | Measure-Object -Maximum).Maximum | Should -Be $phase.SharingDegree
            foreach ($ring in $rings) { $ring.KeptBytes + $ring.FetchedBytes | Should -Be $ring.SliceBytes }
            if ($phase.Streamed) { $rings.Source | Select-Object -Unique | Should -Be OutsideStack }
        }

        ($weights | Select-Object -First 3 | Out-String) | Should -BeLike '*KeptKiB*FetchedKiB*From*Reads*'
    }
}
