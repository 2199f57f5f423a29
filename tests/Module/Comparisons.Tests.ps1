BeforeAll {
    Import-Module (Join-Path $PSScriptRoot .. .. Allspark.psd1)
    $store = Join-Path $TestDrive runs.db
    $measurements = Get-DnnModel swin_t, vit_b_16 | Split-VitWorkload -Array stack-16x16 -Scheme TensorParallel, TokenParallel |
        Invoke-AllsparkSchedule -Solver Greedy | Measure-PimInference -LogTo $store
    $swin = $measurements | Where-Object { $_.Model.Name -eq 'swin_t' }
}

Describe 'Compare-PimInference' {
    It 'holds results against a scheme of the same model and array' {
        $comparisons = $measurements | Compare-PimInference -Reference TokenParallel
        $comparisons.Count | Should -Be 2
        $comparisons.Model | Should -Be 'swin_t', 'vit_b_16'
        "$($comparisons.Scheme | Select-Object -Unique)" | Should -Be 'TensorParallel'
        $comparisons[0].SpeedUp | Should -Be ($swin[1].LatencySeconds / $swin[0].LatencySeconds)
        $comparisons[0].EnergyRatio | Should -Be ($swin[1].EnergyJoules / $swin[0].EnergyJoules)
        $comparisons[0].Caveat | Should -BeNullOrEmpty
    }

    It 'gives both readings of a GPU''s figures where both are published, with the caveat' {
        $comparisons = $measurements[2] | Compare-PimInference -Reference V100
        $comparisons.Reference | Should -Be 'V100 (batched throughput)', 'V100 (single image)'
        $comparisons[0].SpeedUp | Should -Be ((1 / 292.3) / $measurements[2].LatencySeconds)
        $comparisons[0].EnergyRatio | Should -Be (250 * (1 / 292.3) / $measurements[2].EnergyJoules)
        $comparisons.Caveat | Should -Not -BeNullOrEmpty
        ($swin[0] | Compare-PimInference v100).Count | Should -Be 1
    }

    It 'takes logged runs as it takes measurements' {
        $fromRuns = Get-AllsparkRun $store | Compare-PimInference -Reference TokenParallel, V100
        $fromMeasurements = $measurements | Compare-PimInference -Reference TokenParallel, V100
        $fromRuns.SpeedUp | Should -Be $fromMeasurements.SpeedUp
    }

    It 'finds the reference in the store that -From names' {
        ($swin[0] | Compare-PimInference -Reference TokenParallel -From $store).SpeedUp |
            Should -Be ($swin[1].LatencySeconds / $swin[0].LatencySeconds)
    }

    It 'takes the number of a run' {
        $comparison = $swin[0] | Compare-PimInference -Reference $swin[1].RunId -From $store
        $comparison.SpeedUp | Should -Be ($swin[1].LatencySeconds / $swin[0].LatencySeconds)
        $comparison.Reference | Should -Be "run $($swin[1].RunId) (TokenParallel)"
    }

    It 'reports a missing reference for each result, and goes on' {
        $comparisons = $measurements | Compare-PimInference -Reference V100, LayerPipeline -ErrorVariable failures -ErrorAction SilentlyContinue
        $comparisons.Count | Should -Be 6
        $failures.Count | Should -Be 4
        $failures[0].FullyQualifiedErrorId | Should -Be 'ReferenceNotFound,Allspark.PowerShell.Commands.ComparePimInferenceCommand'
    }

    It 'does not take another array''s result for the reference' {
        $other = Split-VitWorkload swin_t -Array stack-8x8 -Scheme TokenParallel | Invoke-AllsparkSchedule -Solver Greedy | Measure-PimInference
        $swin[0], $other | Compare-PimInference -Reference TokenParallel -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failures.Count | Should -Be 1
    }

    It 'reports <Name>' -ForEach @(
        @{ Name = 'an unknown reference, with near matches'; Reference = 'TokenParalel'; Id = 'UnknownPreset'; Like = '*TokenParallel*' }
        @{ Name = 'a run number without a store'; Reference = '3'; Id = 'ReferenceNotFound'; Like = '*-From*' }
    ) {
        { $swin[0] | Compare-PimInference -Reference $Reference } |
            Should -Throw $Like -ErrorId "$Id,Allspark.PowerShell.Commands.ComparePimInferenceCommand"
    }

    It 'reports a run that there is not, and an object that is no result' {
        { $swin[0] | Compare-PimInference -Reference 99 -From $store } | Should -Throw -ErrorId 'ReferenceNotFound,*'
        { 'text' | Compare-PimInference -Reference V100 -ErrorAction Stop } | Should -Throw -ErrorId 'WrongInput,*'
    }
}
