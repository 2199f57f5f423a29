BeforeAll {
    Import-Module (Join-Path $PSScriptRoot .. .. Allspark.psd1)
    Push-Location $TestDrive
    $model = Get-DnnModel deit_ti
    $array = Get-PimArray stack-4x4
    $workload = Split-VitWorkload $model $array
    $schedule = $workload | Invoke-AllsparkSchedule -Solver Greedy
    $measurement = $schedule | Measure-PimInference -LogTo runs.db -Experiment 'first trial'
    $run = Get-AllsparkRun runs.db
    $comparison = $measurement | Compare-PimInference V100
    $objects = @{
        network = $model; array = $array; workload = $workload; schedule = $schedule; measurement = $measurement; run = $run; comparison = $comparison
        number = 5; file = Get-Item runs.db; text = 'swin_t'; nothing = $null
    }
}

AfterAll {
    Pop-Location
}

Describe 'Get-PimArray' {
    It 'lists the presets' {
        (Get-PimArray).Name | Should -Be 'stack-4x4', 'stack-8x8', 'stack-16x16'
    }

    It 'takes <Name>' -ForEach @(
        @{ Name = 'stack-1*'; Expected = 'stack-16x16' }
        @{ Name = 'STACK_8x8'; Expected = 'stack-8x8' }
        @{ Name = 'stack-[48]x?'; Expected = 'stack-4x4', 'stack-8x8' }
        @{ Name = 'nothing*'; Expected = $null }
    ) {
        (Get-PimArray $Name).Name | Should -Be $Expected
        ($Name | Get-PimArray).Name | Should -Be $Expected
    }

    It 'chooses by family' {
        @(Get-PimArray -Family Stacked*).Count | Should -Be 3
        { Get-PimArray -Family nosuch -ErrorAction Stop } | Should -Throw '*family*StackedDram*' -ErrorId 'UnknownPreset,*'
    }

    It 'lists near names of what is none' {
        { Get-PimArray stack-16x61 -ErrorAction Stop } | Should -Throw '*stack-16x16*' -ErrorId 'UnknownPreset,*'
    }
}

Describe 'Split-VitWorkload' {
    It 'takes networks and arrays as people type them: <Line>' -ForEach @(
        @{ Line = 'Split-VitWorkload deit_ti stack-4x4'; Expected = 'deit_ti on stack-4x4, Allspark' }
        @{ Line = 'Split-VitWorkload stack-4x4 deit_ti'; Expected = 'deit_ti on stack-4x4, Allspark' }
        @{ Line = 'Split-VitWorkload $model $array'; Expected = 'deit_ti on stack-4x4, Allspark' }
        @{ Line = 'Split-VitWorkload -Array stack-4x4 -Model deit_ti'; Expected = 'deit_ti on stack-4x4, Allspark' }
        @{ Line = '$model | Split-VitWorkload stack-4x4'; Expected = 'deit_ti on stack-4x4, Allspark' }
        @{ Line = '$array | Split-VitWorkload deit_ti'; Expected = 'deit_ti on stack-4x4, Allspark' }
        @{ Line = '"deit_ti" | Split-VitWorkload -Array $array'; Expected = 'deit_ti on stack-4x4, Allspark' }
        @{ Line = 'Get-PimArray stack-[48]* | Split-VitWorkload deit_ti'; Expected = 'deit_ti on stack-4x4, Allspark', 'deit_ti on stack-8x8, Allspark' }
        @{ Line = 'Split-VitWorkload deit_t*,deit_s stack-4*'; Expected = 'deit_ti on stack-4x4, Allspark', 'deit_s on stack-4x4, Allspark' }
        @{ Line = 'Split-VitWorkload deit_ti stack-4x4 -Scheme T*'; Expected = 'deit_ti on stack-4x4, TokenParallel', 'deit_ti on stack-4x4, TensorParallel' }
    ) {
        (Invoke-Expression $Line).ForEach({ "$_" }) | Should -Be $Expected
    }

    It 'names the command for what is missing' {
        $model | Split-VitWorkload -ErrorVariable missing -ErrorAction SilentlyContinue
        "$missing" | Should -BeLike '*array*-Array stack-16x16*'
        $array | Split-VitWorkload -ErrorVariable missing -ErrorAction SilentlyContinue
        "$missing" | Should -BeLike '*network*Split-VitWorkload swin_t*'
        $missing[0].FullyQualifiedErrorId | Should -Be 'SubjectMissing,Allspark.PowerShell.Commands.SplitVitWorkloadCommand'
    }
}

Describe 'A pattern where one is wanted' {
    It 'takes a pattern that only one name matches' {
        (Measure-PimGemm 8 8 8 -Array stack-4*).Rows | Should -Be $array.Node.ArrayRows
    }

    It 'names those that match where they are several, and none where there is none' {
        { Measure-PimGemm 8 8 8 -Array stack-* } | Should -Throw '*One is wanted*stack-4x4, stack-8x8, stack-16x16*'
        { Measure-PimGemm 8 8 8 -Array none-* } | Should -Throw "*No preset matches 'none-?'*"
    }
}

Describe 'A step that was left out' {
    It 'is named: <Given> to <Command>' -ForEach @(
        $steps = [ordered]@{
            'Invoke-AllsparkSchedule' = @{ network = 'Split-VitWorkload'; array = 'Split-VitWorkload'; schedule = 'ForEach-Object Workload'; run = 'Compare-PimInference'; text = 'Get-DnnModel'; number = 'Split-VitWorkload'; file = 'Get-DnnModel' }
            'Measure-PimInference' = @{ network = 'Split-VitWorkload*Invoke-AllsparkSchedule'; array = 'Split-VitWorkload*Invoke-AllsparkSchedule'; workload = 'Invoke-AllsparkSchedule'; comparison = 'Invoke-AllsparkSchedule'; text = 'Get-DnnModel'; file = 'Import-AllsparkSchedule' }
            'Test-AllsparkSchedule' = @{ network = 'Split-VitWorkload*Invoke-AllsparkSchedule'; workload = 'Invoke-AllsparkSchedule'; measurement = 'ForEach-Object Schedule' }
            'Compare-PimInference V100' = @{ network = 'Split-VitWorkload*Invoke-AllsparkSchedule*Measure-PimInference'; array = 'Split-VitWorkload'; workload = 'Invoke-AllsparkSchedule*Measure-PimInference'; schedule = 'Measure-PimInference'; number = 'Measure-PimInference'; text = 'Get-DnnModel' }
            'Export-AllsparkChart Speedup x.html' = @{ network = 'Split-VitWorkload*Measure-PimInference'; workload = 'Invoke-AllsparkSchedule*Measure-PimInference'; schedule = 'Measure-PimInference' }
            'Export-AllsparkProgram x.lp' = @{ network = 'Split-VitWorkload'; schedule = 'ForEach-Object Workload' }
            'Export-AllsparkSchedule x.json' = @{ network = 'Split-VitWorkload*Invoke-AllsparkSchedule'; workload = 'Invoke-AllsparkSchedule'; measurement = 'ForEach-Object Schedule' }
            'Export-AllsparkRun x.csv' = @{ measurement = '-LogTo'; schedule = 'Get-AllsparkRun'; network = 'Get-AllsparkRun' }
            'Export-DnnModel -Path x.yaml' = @{ workload = 'ForEach-Object Model'; measurement = 'ForEach-Object Model'; array = 'Get-DnnModel'; number = 'Get-DnnModel' }
            'Export-PimArray -Path x.yaml' = @{ workload = 'ForEach-Object Array'; measurement = 'ForEach-Object Array'; network = 'Get-PimArray' }
            'Split-VitWorkload -Array stack-4x4' = @{ workload = 'ForEach-Object Model'; schedule = 'ForEach-Object Model'; run = 'Compare-PimInference'; number = 'Get-DnnModel'; file = 'Import-DnnModel' }
        }
        foreach ($command in $steps.Keys) {
            foreach ($pair in $steps[$command].GetEnumerator()) { @{ Command = $command; Given = $pair.Key; Names = $pair.Value } }
        }
    ) {
        $object = $objects[$Given]
        $failures = @(try { & ([scriptblock]::Create("`$object | $Command 2>&1")) } catch { $_ }) |
            Where-Object { $_ -is [System.Management.Automation.ErrorRecord] }
        @($failures).Count | Should -BeGreaterThan 0
        "$(@($failures)[0])" | Should -BeLike "* is not a*$Names*"
        'x.html', 'x.lp', 'x.json', 'x.csv', 'x.yaml' | Where-Object { Test-Path $_ } | Should -BeNullOrEmpty
    }

    It 'does not stop the objects that are right' {
        $both = $model, $workload | Invoke-AllsparkSchedule -Solver Greedy -ErrorVariable failures -ErrorAction SilentlyContinue
        @($both).Count | Should -Be 1
        $failures.Count | Should -Be 1
    }
}

Describe 'A parameter that would have no effect' {
    It 'is an error: <Line>' -ForEach @(
        @{ Line = '$schedule | Measure-PimInference -Experiment x'; Remedy = '-LogTo' }
        @{ Line = '$schedule | Test-AllsparkSchedule -Seed 4'; Remedy = '-Numeric' }
        @{ Line = 'Measure-PimTraffic stack-4x4 Uniform 0.1 -HotspotNode 3'; Remedy = 'Hotspot' }
        @{ Line = 'Measure-PimTraffic stack-4x4 Transpose 0.1 -HotspotFraction 0.2'; Remedy = 'Hotspot' }
        @{ Line = '$measurement | Compare-PimInference V100 -From runs.db'; Remedy = 'schemes or runs' }
    ) {
        { Invoke-Expression $Line } | Should -Throw "*no effect*$Remedy*" -ErrorId 'ParameterWithoutEffect,*'
    }

    It 'is one where the file leaves nothing open' {
        Set-Content config.json '{ "model_type": "vit" }'
        { Import-DnnModel config.json -Dimension batch=1 -ErrorAction Stop } | Should -Throw '*leaves no dimension open*'
    }

    It 'is not one that has an effect' {
        { $schedule | Measure-PimInference -Experiment x -LogTo other.db } | Should -Not -Throw
        { Measure-PimTraffic stack-4x4 Hotspot 0.05 -HotspotNode 3 -SampleCycles 200 } | Should -Not -Throw
    }
}

Describe 'A name where a model or an array is compared' {
    It 'finds measurements as it finds runs' {
        foreach ($name in 'deit_ti', 'DEIT-Ti') {
            @($measurement | Where-Object Model -EQ $name).Count | Should -Be 1
            @($measurement, $schedule, $workload | Where-Object { $_.Model -eq $name }).Count | Should -Be 3
        }
        @($run | Where-Object Model -EQ deit_ti).Count | Should -Be 1
        @($measurement | Where-Object Array -EQ stack-4x4).Count | Should -Be 1
        @($measurement | Where-Object Model -Like deit*).Count | Should -Be 1
        @($measurement | Where-Object Model -In swin_t, deit_ti).Count | Should -Be 1
        @($measurement | Where-Object Model -EQ deit_s).Count | Should -Be 0
        @($measurement | Where-Object Model -NE deit_ti).Count | Should -Be 0
        @($measurement | Where-Object Array -EQ stack-8x8).Count | Should -Be 0
    }

    It 'finds a network whatever its batch, while networks differ by it' {
        $batch = Get-DnnModel deit_ti -Batch 2
        $batch -eq 'deit_ti' | Should -BeTrue
        $batch -eq $model | Should -BeFalse
        (Get-DnnModel deit_ti) -eq $model | Should -BeTrue
        $measurement.Model.Name | Should -Be 'deit_ti'
    }

    It 'is nothing to compute with' {
        { Split-VitWorkload ($model.GetType()::Named('deit_ti')) stack-4x4 } | Should -Throw '*name alone*'
    }
}

Describe 'Messages' {
    BeforeAll {
        Set-Content wrong.yaml 'rows: 4'
        $network = Get-DnnModel swin_t | Export-DnnModel -Path net.yaml -PassThru
        (Get-Content $network) -replace 'Window', 'Porthole' | Set-Content kind.yaml
        $small = New-PimArray stack-4x4 -BufferBytes 1
    }

    It 'are sentences without the insides of .NET: <_>' -ForEach @(
        'Get-DnnModel swin_x', 'Get-DnnModel swin_t -Resolution 33', 'Get-DnnModel gpt_j -Resolution 224', 'Get-DnnModel swin_t -SequenceLength 9'
        'Import-DnnModel nothere.onnx', 'Import-DnnModel runs.db', 'Import-DnnModel wrong.yaml', 'Import-DnnModel kind.yaml'
        'New-PimArray nope', 'New-PimArray -Path wrong.yaml', 'New-PimArray -Rows 2 -Columns 2 -BasedOn nope'
        'Split-VitWorkload deit_ti $small | Invoke-AllsparkSchedule', 'Split-VitWorkload 5 stack-4x4', 'Split-VitWorkload deit_ti stack-4x4 -Scheme Foo'
        'Export-PimArray -InputObject stack-4x4 -Path nowhere/x.yaml', '$workload | Export-AllsparkProgram x.foo', '$run | Export-AllsparkRun x.foo'
        '$workload | Invoke-AllsparkSchedule -Solver Foo', '$workload | Invoke-AllsparkSchedule -TimeLimit x', '$workload | Invoke-AllsparkSchedule -Fix foo'
        '$workload | Invoke-AllsparkSchedule -Fix foo=4x4', '$workload | Invoke-AllsparkSchedule -Forbid *=x', '$workload | Invoke-AllsparkSchedule -MaxEnergy 1e-9'
        '5 | Compare-PimInference V100', '$measurement | Compare-PimInference A100', '$measurement | Compare-PimInference 7 -From runs.db'
        '$schedule | Measure-PimInference -LogTo nowhere/runs.db', '$schedule | Measure-PimInference -LogTo wrong.yaml', 'Get-AllsparkRun runs.db -Id 99'
        'Measure-PimGemm 2147483647 2147483647 2147483647 -Array stack-4x4', 'Measure-PimGemm 9 9 9 -Array stack-4x4 -BufferBytes 1'
        'Measure-PimTraffic stack-4x4 Uniform 2', 'Measure-PimTraffic stack-4x4 Hotspot 0.1 -HotspotNode 99', 'Measure-PimTraffic stack-4x4 Uniform 0.1 -VirtualChannels 0'
        'Measure-PimTraffic stack-4x4 Trace 0.1', 'Measure-PimTraffic stack-4x4 -TracePath wrong.yaml', 'Measure-PimTraffic stack-4x4 Uniform 0.1 -SampleCycles -1'
        'Measure-PimTraffic stack-4x4 Uniform 0.1 -PacketFlits 0', '$measurement | Export-AllsparkChart Foo x.html'
        '$array.Interconnect.Hops(0, 99)', '$array.Interconnect.Route(-1, 0)'
    ) {
        $failures = @(try { Invoke-Expression "$_ 2>&1" } catch { $_ })
        $failures.Count | Should -BeGreaterThan 0
        foreach ($failure in $failures) {
            foreach ($text in "$failure", $failure.Exception.Message) {
                $text | Should -Match '\S.*\S'
                $text | Should -Not -Match "\(Parameter '|Actual value was|\bA (Int|Object|E|I|O|A|U)\w*\b is|attentionkind|no folder \.|Allspark\.|One or more errors|preset preset"
                $text | Should -Not -MatchExactly 'There is no (solver|chart|block|reference|family) preset'
            }
        }
    }

    It 'name an attention kind as two words' {
        { Import-DnnModel kind.yaml -ErrorAction Stop } | Should -Throw '*Porthole*attention kind*'
    }
}
