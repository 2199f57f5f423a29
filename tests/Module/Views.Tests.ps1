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
    $schedule = Split-VitWorkload swin_t -Array stack-16x16 | Invoke-AllsparkSchedule
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

Describe 'Every object that can be reached' -Tag Slow {
    BeforeAll {
        # Objects of every type, two of each beside the roots, as PowerShell hands them out: through properties and lists.
        function Get-OneOfEach([object[]] $Roots) {
            $seen = @{}
            $left = $Roots.Count
            $open = [Collections.Generic.Queue[object]]::new($Roots)
            while ($open.Count -gt 0) {
                $object = $open.Dequeue()
                $isRoot = $left-- -gt 0
                $plain = $object.PSObject.BaseObject
                if ($null -eq $plain -or $plain -is [string] -or $plain -is [enum] -or $plain.GetType().IsPrimitive) { continue }
                if ($plain -is [Collections.IEnumerable]) {
                    $kinds = @{}
                    foreach ($element in $plain -is [Collections.IDictionary] ? $plain.Values : $plain) {
                        if ($null -ne $element -and -not $kinds[$element.GetType()]) {
                            $kinds[$element.GetType()] = $true
                            $open.Enqueue($element)
                        }
                    }
                    continue
                }
                if ($plain.GetType().FullName -notlike 'Allspark.*' -or ($seen[$plain.GetType()]++ -gt 1 -and -not $isRoot)) { continue }
                , $object
                foreach ($property in $object.PSObject.Properties) {
                    try { $value = $property.Value } catch { continue }
                    if ($null -ne $value) { $open.Enqueue($value) }
                }
            }
        }

        $array = New-PimArray stack-8x8 -BufferBytes 64KB
        $workload = Split-VitWorkload swin_t $array
        $bound = $workload | Invoke-AllsparkSchedule -Solver Greedy -Fix *.Attention=interleaved -MaxNodes 64 -BindPlacement
        $simulated = $bound | Measure-PimInference -Fidelity Event -Block stages.0.blocks.0
        $reachable = Get-OneOfEach @(
            $simulated, $bound.ComparePlacements(), (Get-AllsparkRun $store -IncludePhases), ($measurement | Compare-PimInference V100)
            ($bound | Test-AllsparkSchedule), (Measure-PimGemm 8 8 8 -Array $array), (Measure-PimTraffic stack-4x4 Uniform 0.1 -SampleCycles 100)
            (Get-DnnModel resnet18), (Get-DnnModel maxvit_t), (Get-DnnModel pvt_s), (Get-DnnModel cswin_t), (Get-DnnModel gpt_j)
            (Split-VitWorkload (Get-DnnModel swin_t -Batch 2) $array)
            [Allspark.PowerShell.Formats.Labels]::Quantity(0.001, 's')
        )
        $types = $reachable | ForEach-Object { $_.PSObject.BaseObject.GetType() } | Sort-Object FullName -Unique
    }

    It 'is looked at' {
        $types.Count | Should -BeGreaterThan 45
        $types.Name | Should -Contain 'Timeline'
        $types.Name | Should -Contain 'NodeSpec'
    }

    It 'has a view, its own or its base type''s' {
        $viewed = (Get-FormatData Allspark.* -PowerShellVersion 7.6).TypeNames
        $without = $reachable | Where-Object { -not ($_.PSObject.TypeNames | Where-Object { $_ -in $viewed }) }
        $without | ForEach-Object { $_.PSObject.TypeNames[0] } | Sort-Object -Unique | Should -BeNullOrEmpty
    }

    It 'names what is shown of it after an object of another type' {
        $without = $reachable | Where-Object { $_.PSObject.TypeNames[0] -notlike '*PhysicalQuantity' -and -not $_.PSStandardMembers.DefaultDisplayPropertySet }
        $without | ForEach-Object { $_.PSObject.TypeNames[0] } | Sort-Object -Unique | Should -BeNullOrEmpty
        foreach ($object in $reachable) {
            $names = $object.PSStandardMembers.DefaultDisplayPropertySet.ReferencedPropertyNames | Where-Object { $_ }
            $names | Where-Object { -not $object.PSObject.Properties[$_] } | Should -BeNullOrEmpty -Because $object.PSObject.TypeNames[0]
        }
    }

    It 'is shown in words and numbers, alone and after another' {
        foreach ($object in $reachable) {
            foreach ($text in ($object | Out-String -Width 100), (1, $object | Out-String -Width 100), (, $object | ForEach-Object { "$_" })) {
                $text | Should -Not -Match 'Allspark\.|System\.|\w+ \{ \w+ = |@\{' -Because $object.PSObject.TypeNames[0]
                $text.Trim() | Should -Not -BeNullOrEmpty -Because $object.PSObject.TypeNames[0]
            }
        }
    }

    It 'keeps its own properties beside those that are added to be read' {
        foreach ($object in $reachable) {
            $own = $object.PSObject.BaseObject.GetType().GetProperties().Name
            $object.PSObject.Properties | Where-Object { $_ -is [System.Management.Automation.PSScriptProperty] -and $_.Name -cin $own } |
                Should -BeNullOrEmpty -Because $object.PSObject.TypeNames[0]
        }
    }
}

Describe 'Quantities' {
    It 'are read with a unit, and sorted and compared by value' {
        ($measurement | Format-Table Model, Latency, Energy | Out-String) | Should -Match 'swin_t\s+[\d.]+ (ms|µs)\s+[\d.]+ mJ'
        "$($measurement.Latency)" | Should -Be ('{0:0.###} ms' -f ($measurement.LatencySeconds * 1e3))
        ($measurement.Phases | Sort-Object Latency).Index | Should -Be ($measurement.Phases | Sort-Object LatencySeconds).Index
        @($measurement.Phases | Where-Object Latency -GT 1e-5).Count | Should -Be @($measurement.Phases | Where-Object LatencySeconds -GT 1e-5).Count
    }

    It 'are not cut to two decimals among a run''s metrics' {
        $text = (Get-AllsparkRun $store).Metrics | Out-String
        $text | Should -Match 'LatencySeconds\s+0\.00[0-9]{4,}'
    }
}

Describe 'Rows of one network' {
    It 'are told apart by batch, precision, tokens, size, objective, solver and fidelity' {
        $rows = @(
            Get-DnnModel deit_ti -Batch 2; Get-DnnModel deit_ti -Precision Int8; Get-DnnModel deit_ti -Resolution 384
        ) | Split-VitWorkload -Array stack-8x8 | Invoke-AllsparkSchedule -Solver Greedy -Objective Energy | Measure-PimInference -Fidelity Event -LogTo (Join-Path $TestDrive rows.db)
        foreach ($text in ($rows | Out-String -Width 80), (Get-AllsparkRun (Join-Path $TestDrive rows.db) | Out-String -Width 80)) {
            foreach ($word in 'batch', 'Int8', '384²', 'Energy', 'Greedy', 'Event') { $text | Should -Match $word }
            $text | Should -Not -Match '…'
        }
        Split-VitWorkload (Get-DnnModel gpt_j -SequenceLength 64) stack-8x8 | Out-String | Should -Match 'gpt_j[\s\S]*64 tokens'
    }

    It 'are told apart by arrays that differ under one name' {
        $text = 32KB, 64KB | ForEach-Object { New-PimArray stack-8x8 -BufferBytes $_ } | Split-VitWorkload deit_ti | Out-String
        ([regex]::Matches($text, '#[0-9a-f]{4}').Value | Sort-Object -Unique).Count | Should -Be 2
    }
}
