BeforeAll {
    Import-Module (Join-Path $PSScriptRoot .. .. Allspark.psd1)
    function Complete([string] $Line) {
        (TabExpansion2 $Line $Line.Length).CompletionMatches.CompletionText
    }
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
    ) {
        Complete $Line | Should -Be $Expected
    }
}
