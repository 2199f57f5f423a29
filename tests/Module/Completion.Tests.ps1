BeforeAll {
    Import-Module (Join-Path $PSScriptRoot .. .. Allspark.psd1)
    Push-Location $TestDrive
    $global:measured = Split-VitWorkload deit_ti -Array stack-4x4 | Invoke-AllsparkSchedule -Solver Greedy |
        Measure-PimInference -LogTo trials.db -Experiment 'first trial'
    $null = $measured.Schedule | Measure-PimInference -LogTo trials.db -Experiment second -Fidelity Event
    function Complete([string] $Line) {
        (TabExpansion2 $Line $Line.Length).CompletionMatches.CompletionText
    }
}

AfterAll {
    Remove-Variable measured -Scope Global
    Pop-Location
}

Describe 'Completion' {
    It 'goes on from <Line> with <Expected>' -ForEach @(
        @{ Line = 'Get-DnnModel swin_b'; Expected = 'swin_b', 'swin_b_384' }
        @{ Line = 'Get-DnnModel -Name Swin-B_'; Expected = 'swin_b_384' }
        @{ Line = 'New-PimArray -Preset stack-1'; Expected = 'stack-16x16' }
        @{ Line = 'New-PimArray -Rows 2 -Columns 2 -BasedOn stack-4'; Expected = 'stack-4x4' }
        @{ Line = 'Split-VitWorkload swin_t -Array stack-8'; Expected = 'stack-8x8' }
        @{ Line = 'Split-VitWorkload -InputObject deit_t'; Expected = 'deit_ti' }
        @{ Line = 'Split-VitWorkload swin_t -Scheme Whole'; Expected = 'WholeBranch' }
        @{ Line = 'Invoke-AllsparkSchedule -Solver G'; Expected = 'Greedy' }
        @{ Line = 'Invoke-AllsparkSchedule -Objective E'; Expected = 'Energy', 'EnergyDelayProduct' }
        @{ Line = 'Compare-PimInference -Reference v'; Expected = 'V100' }
        @{ Line = 'Compare-PimInference -Reference T'; Expected = 'TokenParallel', 'TensorParallel' }
        @{ Line = 'Export-AllsparkChart -Kind B'; Expected = 'Breakdown' }
        @{ Line = 'Measure-PimGemm 1 1 1 -Dataflow W'; Expected = 'WeightStationary' }
        @{ Line = 'Get-AllsparkRun -Model vit_h'; Expected = 'vit_h_14' }
        @{ Line = 'Get-AllsparkRun -Scheme Layer'; Expected = 'LayerPipeline' }
        @{ Line = 'Get-Dnn'; Expected = 'Get-DnnModel' }
        @{ Line = 'Get-PimArray stack-1'; Expected = 'stack-16x16' }
        @{ Line = 'Get-PimArray -Family s'; Expected = 'StackedDram' }
        @{ Line = 'Split-VitWorkload swin_t stack-8'; Expected = 'stack-8x8' }
        @{ Line = 'Export-PimArray -InputObject stack-8'; Expected = 'stack-8x8' }
        @{ Line = '$measured.Schedule | Measure-PimInference -LogTo trials.db -Experiment '; Expected = 'second', "'first trial'" }
        @{ Line = 'Get-AllsparkRun trials.db -Experiment f'; Expected = "'first trial'" }
        @{ Line = 'Get-AllsparkRun trials.db -Model '; Expected = 'deit_ti'; First = $true }
        @{ Line = 'Get-AllsparkRun trials.db -Id '; Expected = '2', '1' }
        @{ Line = 'Get-AllsparkRun trials.db '; Expected = '2', '1' }
        @{ Line = 'Remove-AllsparkRun trials.db '; Expected = '2', '1' }
        @{ Line = 'Compare-PimInference -From trials.db -Reference '; Expected = 'V100'; First = $true }
        @{ Line = 'Compare-PimInference -From trials.db -Reference 1'; Expected = '1' }
        @{ Line = '$measured | Export-AllsparkChart -Kind Timeline -Block stages.0.blocks.11'; Expected = 'stages.0.blocks.11' }
        @{ Line = 'Split-VitWorkload swin_t stack-4x4 | Invoke-AllsparkSchedule | Measure-PimInference -Fidelity Event -Block stages.3.b'; Expected = 'stages.3.blocks.0', 'stages.3.blocks.1' }
        @{ Line = 'Invoke-AllsparkSchedule -Fix *.'; Expected = '*.Attention=', '*.FeedForward=', '*.Projection=' }
        @{ Line = 'Split-VitWorkload deit_ti stack-4x4 | Invoke-AllsparkSchedule -Forbid stages.0.blocks.10'; Expected = 'stages.0.blocks.10=', 'stages.0.blocks.10.Attention=', 'stages.0.blocks.10.FeedForward=' }
        @{ Line = '$measured.Schedule.Workload | Invoke-AllsparkSchedule -Fix *=4x'; Expected = '*=4x1', '*=4x2', '*=4x4' }
        @{ Line = 'Invoke-AllsparkSchedule -Fix *=shared/st'; Expected = '*=shared/streamed' }
        @{ Line = 'Split-VitWorkload deit_ti stack-4x4 | Invoke-AllsparkSchedule -Fix *=s1'; Expected = '*=s1', '*=s16' }
    ) {
        $found = Complete $Line
        if ($First) { $found = $found[0] }
        $found | Should -Be $Expected
    }
}

Describe 'Names that are known' {
    It 'are completed for every parameter that takes them: <_>' -ForEach 'Model', 'Array', 'Scheme', 'Experiment', 'Solver', 'Reference', 'Block', 'Fix', 'Forbid', 'Kind', 'Preset', 'BasedOn', 'Family' {
        $parameter = $_
        $commands = Get-Command -Module Allspark -CommandType Cmdlet | Where-Object { $_.Parameters.ContainsKey($parameter) }
        $commands.Count | Should -BeGreaterThan 0
        foreach ($command in $commands) {
            $metadata = $command.Parameters[$parameter]
            $completes = $metadata.Attributes | Where-Object { $_ -is [System.Management.Automation.ArgumentCompleterAttribute] }
            ($completes -or $metadata.ParameterType.IsEnum) | Should -BeTrue -Because "$command -$parameter"
        }
    }

    It 'complete nothing, and fail nothing, where the store is none' {
        Set-Content none.db 'text'
        Complete 'Get-AllsparkRun none.db -Experiment ' | Where-Object { $_ -notlike '*none.db*' } | Where-Object { $_ -notmatch '\.(db|\w+)$' } | Should -BeNullOrEmpty
    }
}
