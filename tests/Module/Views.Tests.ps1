BeforeDiscovery {
    $tables = @(
        @{ Type = 'DnnModel'; Get = { Get-DnnModel swin_t }; Header = 'Name Family Input Format Params (M) GMACs Weights (MiB) Blocks' }
        @{ Type = 'Layer'; Get = { (Get-DnnModel swin_t).Layers }; Header = 'Name Kind In Out Channels MMACs KParams KOut' }
        @{ Type = 'TransformerBlock'; Get = { (Get-DnnModel swin_t).Blocks }; Header = 'Name Grid Channels Heads Windows Queries Keys Branches MMACs' }
        @{ Type = 'PimArray'; Get = { New-PimArray stack-16x16 }; Header = 'Name Nodes MACs/node GHz TMAC/s MiB/node GB/s SRAM KiB Topology' }
        @{ Type = 'Workload'; Get = { $schedule.Workload }; Header = 'Model Array Scheme Phases Branches Options' }
        @{ Type = 'Phase'; Get = { $schedule.Workload.Phases }; Header = '# Block Kind Windows Tokens Heads MMACs Weights (k)' }
        @{ Type = 'Schedule'; Get = { $schedule }; Header = 'Model Array Scheme Solver Status Objective Gap (%)' }
        @{ Type = 'ScheduledPhase'; Get = { $schedule.Phases }; Header = '# Block Kind Group Groups Layers Sharing Held KiB µs' }
        @{ Type = 'LegalityReport'; Get = { $schedule | Test-AllsparkSchedule }; Header = 'Model Array Scheme Passed Checks Findings' }
        @{ Type = 'NumericReport'; Get = { $schedule | Test-AllsparkSchedule -Numeric }; Header = 'Model Array Scheme Seed Passed MaxRelErr Findings' }
        @{ Type = 'Measurement'; Get = { $measurement }; Header = 'Model Array Scheme Latency (ms) Energy (mJ) Util (%) Run' }
        @{ Type = 'PhaseMeasurement'; Get = { $measurement.Phases }; Header = '# Block Kind µs Compute Exposed µJ Util (%)' }
        @{ Type = 'EnergyBreakdown'; Get = { $measurement.Energy }; Header = 'MAC (mJ) Vector SRAM DRAM NoC Off-stack Static Total' }
        @{ Type = 'Comparison'; Get = { $measurement | Compare-PimInference V100 }; Header = 'Model Scheme Reference Speed-up (×) Energy (×)' }
        @{ Type = 'GemmMeasurement'; Get = { Measure-PimGemm 3136 96 384 -Rows 8 -Columns 8 }; Header = 'M K N Array Dataflow Cycles Util (%) DRAM (KiB)' }
        @{ Type = 'GemmMeasurement#Layer'; Get = { Get-DnnModel vit_ti_16 | Measure-PimGemm -Array stack-4x4 | Select-Object -First 1 }; Header = 'Layer Count M K N Cycles Util (%) DRAM (KiB)' }
        @{ Type = 'Run'; Get = { Get-AllsparkRun $store }; Header = 'Id Experiment Model Array Scheme Latency (ms) Energy (mJ)' }
        @{ Type = 'RunPhase'; Get = { (Get-AllsparkRun $store -IncludePhases).Phases }; Header = '# Block Kind Group Layers Sharing µs µJ' }
    )
    $lists = $tables | Where-Object Type -In DnnModel, PimArray, Workload, Schedule, ScheduledPhase, Measurement, PhaseMeasurement, Comparison, GemmMeasurement, Run
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot .. .. Allspark.psd1)
    $store = Join-Path $TestDrive runs.db
    $schedule = Split-VitWorkload swin_t -Array stack-16x16 | Invoke-AllsparkSchedule -Solver Greedy
    $measurement = $schedule | Measure-PimInference -LogTo $store
}

Describe 'The default view of <Type>' -ForEach $tables {
    BeforeAll {
        $lines = (& $Get | Out-String -Width 80) -split '\r?\n' | Where-Object { $_ }
    }

    It 'is a table of 80 columns with units in its header' {
        ($lines[0].Trim() -replace '\s+', ' ') | Should -Be $Header
        $lines[1] | Should -Match '^[- ]+$'
        $lines | ForEach-Object Length | Measure-Object -Maximum | ForEach-Object Maximum | Should -BeLessOrEqual 80
    }

    It 'has a row for each object, with no name cut off' {
        $lines.Count | Should -Be (@(& $Get).Count + 2)
        $lines -match '…' | Should -BeNullOrEmpty
    }
}

Describe 'The list view of <Type>' -ForEach $lists {
    It 'names every figure with its unit and holds no type names' {
        $text = & $Get | Select-Object -First 1 | Format-List | Out-String -Width 120
        $text | Should -Match '(?m)^\S.* : '
        $text | Should -Not -Match 'Allspark\.|System\.'
    }
}

Describe 'Units' {
    It 'are those that the header says' {
        $row = ($measurement | Out-String -Width 80) -split '\r?\n' | Where-Object { $_ -like 'swin_t*' }
        $row | Should -Match ('{0:F3}\s+{1:F3}\s+{2:F1}\s' -f ($measurement.LatencySeconds * 1e3), ($measurement.EnergyJoules * 1e3), ($measurement.Utilization * 100))
    }
}

Describe 'Lists within objects' {
    It 'can be indexed: <Name>' -ForEach @(
        @{ Name = 'Model.Layers'; Get = { , $measurement.Model.Layers } }
        @{ Name = 'Model.Blocks'; Get = { , $measurement.Model.Blocks } }
        @{ Name = 'Array.Sources'; Get = { , $measurement.Array.Sources } }
        @{ Name = 'Workload.Phases'; Get = { , $schedule.Workload.Phases } }
        @{ Name = 'Workload.Options'; Get = { , $schedule.Workload.Options } }
        @{ Name = 'Workload.Branches'; Get = { , $schedule.Workload.Branches } }
        @{ Name = 'Schedule.Phases'; Get = { , $schedule.Phases } }
        @{ Name = 'Schedule.Placement'; Get = { , $schedule.Placement } }
        @{ Name = 'Measurement.Phases'; Get = { , $measurement.Phases } }
        @{ Name = 'Measurement.HeaviestLinks'; Get = { , $measurement.HeaviestLinks } }
        @{ Name = 'LegalityReport.ChecksRun'; Get = { , ($schedule | Test-AllsparkSchedule).ChecksRun } }
        @{ Name = 'Run.Phases'; Get = { , (Get-AllsparkRun $store -IncludePhases).Phases } }
    ) {
        $list = & $Get
        $list.Count | Should -BeGreaterThan 1
        [object]::ReferenceEquals($list[1], $list) | Should -BeFalse
        @($list[0..1]).Count | Should -Be 2
    }
}
