BeforeAll {
    $root = Resolve-Path (Join-Path $PSScriptRoot .. ..)
    $launcher = Join-Path $root ($IsWindows ? 'allspark.cmd' : 'allspark')
    Import-Module (Join-Path $root Allspark.psd1)

    $folder = Join-Path $TestDrive headline
    $lines = & $launcher (Join-Path $root Scripts Reproduce-Headline.ps1) -OutDir $folder
    $exitCode = $LASTEXITCODE
    $runs = Get-AllsparkRun (Join-Path $folder headline.db)
    $baselines = 'WholeBranch', 'TokenParallel', 'TensorParallel', 'LayerPipeline'
    # The first 90 runs are those of all schemes; the others are of the ablation and the sweep.
    $compared = $runs | Select-Object -First 90
    $comparisons = $compared | Compare-PimInference -Reference ($baselines + 'V100') -ErrorAction SilentlyContinue
}

Describe 'The published comparison' -Tag Slow {
    It 'succeeds and prints a row for each of eighteen networks, and their geometric mean' {
        $exitCode | Should -Be 0
        ($compared | Group-Object Model).Count | Should -Be 18
        foreach ($model in $compared.Model | Select-Object -Unique) { $lines -match "^$model " | Should -Not -BeNullOrEmpty }
        $lines -match '^geometric mean ' | Should -Not -BeNullOrEmpty
    }

    It 'has Allspark never slower than a baseline' {
        $over = $comparisons | Where-Object Reference -In $baselines
        $over.Count | Should -Be 72
        ($over.Speedup | Measure-Object -Minimum).Minimum | Should -BeGreaterOrEqual 1
    }

    It 'has speed-ups that overlap the published 1.2x to 24.0x, and lie outside only against LayerPipeline and WholeBranch' {
        $over = $comparisons | Where-Object Reference -In $baselines
        @($over | Where-Object { $_.Speedup -ge 1.2 -and $_.Speedup -le 24 }).Count | Should -BeGreaterThan 30
        $over.Speedup | Where-Object { $_ -lt 1.2 } | Should -BeNullOrEmpty
        @($over | Where-Object Speedup -GT 24).Reference | Select-Object -Unique | Should -BeIn 'LayerPipeline', 'WholeBranch'
    }

    It 'reports speed and energy against a V100 under both readings of its batch' {
        $batched = $comparisons | Where-Object Reference -EQ 'V100 (batched throughput)'
        $batched.Count | Should -BeGreaterOrEqual 6
        $batched.EnergyRatio | ForEach-Object { $_ | Should -BeGreaterThan 5 }
        $comparisons | Where-Object Reference -EQ 'V100 (single image)' | Should -Not -BeNullOrEmpty
        $lines -match 'published: 2\.3' | Should -Not -BeNullOrEmpty
        $lines -match 'Batch and precision of the GPU runs' | Should -Not -BeNullOrEmpty
    }

    It 'loses by each part of the method that is left out' {
        $ablation = @($lines -match '^(swin_t|swin_b|cswin_s|vit_b_16) +(\d+\.\d\d *){5}$')
        $ablation.Count | Should -Be 4
        foreach ($row in $ablation) {
            foreach ($factor in ($row.Trim() -split ' +' | Select-Object -Skip 1)) { [double] $factor | Should -BeGreaterOrEqual 1 }
        }
    }

    It 'gets no faster as memory shrinks' {
        $sweep = $runs | Where-Object Array -Like '*MiB' | Group-Object Model
        $sweep.Count | Should -Be 4
        foreach ($model in $sweep) {
            $latencies = ($model.Group | Sort-Object { $_.Metrics['NodeMemoryBytes'] } -Descending).Metrics | ForEach-Object { $_['LatencySeconds'] }
            for ($i = 1; $i -lt $latencies.Count; $i++) { $latencies[$i] | Should -BeGreaterOrEqual ($latencies[$i - 1] * (1 - 1e-9)) }
        }
    }

    It 'draws speed-ups, breakdown and capacity' {
        foreach ($chart in 'speedup', 'breakdown', 'capacity') {
            foreach ($format in 'svg', 'html', 'csv') { Join-Path $folder "headline-$chart.$format" | Should -Exist }
        }
    }
}
