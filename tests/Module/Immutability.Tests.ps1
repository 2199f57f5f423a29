BeforeAll {
    Import-Module (Join-Path $PSScriptRoot .. .. Allspark.psd1)

    # Everything that can be reached from an object through properties and lists, once for each type, as PowerShell sees it.
    function Get-Reachable([object[]] $Roots) {
        $seen = [Collections.Generic.HashSet[object]]::new([Collections.Generic.ReferenceEqualityComparer]::Instance)
        $types = @{}
        $open = [Collections.Generic.Queue[object]]::new($Roots)
        while ($open.Count -gt 0) {
            $object = $open.Dequeue()
            $plain = $object.PSObject.BaseObject
            if ($null -eq $plain -or $plain -is [string] -or $plain -is [enum] -or $plain.GetType().IsPrimitive -or
                ($plain -isnot [Collections.IEnumerable] -and $plain.GetType().FullName -notlike 'Allspark.*')) { continue }
            if (-not $seen.Add($plain)) { continue }
            $isList = $plain -is [Collections.IEnumerable]
            if ($isList) {
                # Lists of one type may be made in several ways: each is looked at, and one element of each type in it.
                [pscustomobject]@{ Kind = 'List'; Object = $plain; Owner = $plain.GetType().FullName }
                $plain | Group-Object { $_.GetType().FullName } | ForEach-Object { $open.Enqueue($_.Group[0]) }
                continue
            }
            if ($types[$plain.GetType()]++ -gt 2) { continue }
            [pscustomobject]@{ Kind = 'Object'; Object = $object; Owner = $plain.GetType().FullName }
            foreach ($property in $object.PSObject.Properties) {
                try { $value = $property.Value } catch { continue }
                if ($null -ne $value) { $open.Enqueue($value) }
            }
        }
    }

    $model = Get-DnnModel swin_t
    $array = New-PimArray stack-8x8
    $workload = $model | Split-VitWorkload -Array $array
    $schedule = $workload | Invoke-AllsparkSchedule -BindPlacement
    $store = Join-Path $TestDrive runs.db
    $measurement = $schedule | Measure-PimInference -LogTo $store
    $illegal = Join-Path $TestDrive illegal.json
    $workload | Invoke-AllsparkSchedule | Export-AllsparkSchedule $illegal
    (Get-Content $illegal) -replace '("block":"stages.0.blocks.1","kind":"Attention".*"region":0)', '$1,"windows":[0,1,2]' | Set-Content $illegal
    Split-VitWorkload gpt_j -Array stack-4x4 -Scheme LayerPipeline | Invoke-AllsparkSchedule -ErrorVariable infeasible -ErrorAction SilentlyContinue
    $roots = @(
        $model, (Get-DnnModel gpt_j), (Get-DnnModel resnet18), (Get-DnnModel cswin_t), (Get-DnnModel pvt_s), $array, $workload, $schedule
        (Split-VitWorkload cswin_t -Array $array | Invoke-AllsparkSchedule -Solver Greedy -Fix '*.Attention=interleaved')
        (Split-VitWorkload swin_t -Array $array -Scheme LayerPipeline | Invoke-AllsparkSchedule -Solver Greedy)
        $schedule.ComparePlacements(), $measurement, ($schedule | Measure-PimInference -Fidelity Event)
        (Get-AllsparkRun $store -IncludePhases), ($measurement | Compare-PimInference -Reference V100)
        ($schedule | Test-AllsparkSchedule), (Import-AllsparkSchedule $illegal | Test-AllsparkSchedule)
        (Split-VitWorkload deit_ti -Array stack-4x4 | Invoke-AllsparkSchedule -Solver Greedy | Test-AllsparkSchedule -Numeric)
        (Measure-PimGemm 49 96 288 -Rows 8 -Columns 8), (Measure-PimTraffic stack-4x4 -InjectionRate 0.1), $infeasible[0].Exception.Phases
    )
    $reached = Get-Reachable $roots
}

Describe 'What a cmdlet has emitted' -Tag Slow {
    It 'is looked at whole' {
        $owners = $reached.Owner | Sort-Object -Unique
        foreach ($type in 'Models.DnnModel', 'Models.TransformerBlock', 'Models.ProjectionLayer', 'Hardware.PimArray', 'Hardware.NodeSpec', 'Hardware.DramTiming',
            'Hardware.EnergySpec', 'Hardware.IoSpec', 'Hardware.InterconnectSpec', 'Hardware.SourceNote', 'Partitioning.Workload', 'Partitioning.Phase',
            'Partitioning.PhaseOption', 'Partitioning.Tiling', 'Scheduling.Schedule', 'Scheduling.ScheduledPhase', 'Scheduling.PhaseCost', 'Scheduling.SolverReport',
            'Scheduling.EnergyBreakdown', 'Scheduling.WeightRing', 'Placement.PhasePlacement', 'Placement.PlacementComparison', 'Simulation.Measurement',
            'Simulation.PhaseMeasurement', 'Simulation.LatencyBounds', 'Simulation.LinkLoad', 'Experiments.Run', 'Experiments.RunPhase', 'Experiments.Comparison',
            'Verification.LegalityReport', 'Verification.LegalityFinding', 'Verification.Numeric.NumericReport', 'Simulation.Network.TrafficMeasurement') {
            $owners | Should -Contain "Allspark.Engine.$type"
        }
        ($reached | Where-Object Kind -EQ 'List').Count | Should -BeGreaterThan 20
    }

    It 'takes no other value for any property' {
        $written = foreach ($item in $reached | Where-Object Kind -EQ 'Object') {
            foreach ($property in $item.Object.PSObject.Properties) {
                try { $value = $property.Value } catch { continue }
                $assigned = try { $item.Object.($property.Name) = $value; $true } catch { $false }
                $byBase = try { $item.Object.PSBase.($property.Name) = $value; $true } catch { $false }
                if ($assigned -or $byBase -or $property.IsSettable) { "$($item.Owner).$($property.Name)" }
            }
        }
        $written | Sort-Object -Unique | Should -BeNullOrEmpty
    }

    It 'takes no other element in any list or table' {
        $written = foreach ($item in $reached | Where-Object Kind -EQ 'List') {
            $list = $item.Object
            if ($list -is [Collections.IDictionary] -or $list.GetType().Name -like '*Dictionary*') {
                $key = @($list.Keys)[0]
                try { $list[$key] = $list[$key]; "$($item.Owner)[key]" } catch { }
            } else {
                $first = @($list)[0]
                try { $list[0] = $first; "$($item.Owner)[0]" } catch { }
                try { ([Collections.IList] $list)[0] = $first; "$($item.Owner) as IList" } catch { }
            }
            foreach ($change in { $list.Clear() }, { $null = $list.Add($first) }, { $list.RemoveAt(0) }, { $list.Reverse() }, { $list.Sort() }) {
                try { & $change; "$($item.Owner): $change" } catch { }
            }
        }
        $written | Sort-Object -Unique | Should -BeNullOrEmpty
    }

    It 'leaves the preset as it is, in this runspace and in another' {
        $bytes = (New-PimArray stack-16x16).Node.MemoryBytes
        $mine = New-PimArray stack-16x16
        { $mine.Node.MemoryBytes = 1MB } | Should -Throw "*'MemoryBytes'*"
        { $mine.Name = 'mine' } | Should -Throw "*'Name'*"
        { $workload.Scheme = 'WholeBranch' } | Should -Throw "*'Scheme'*"
        $failures = $mine | ForEach-Object -Parallel { try { $_.Node.MemoryBytes = 1MB; 'changed' } catch { 'refused' } }
        $failures | Should -Be 'refused'
        (New-PimArray stack-16x16).Node.MemoryBytes | Should -Be $bytes
        (New-PimArray stack-16x16).Name | Should -Be 'stack-16x16'
    }
}
