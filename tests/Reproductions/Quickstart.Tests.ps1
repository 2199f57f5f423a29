BeforeAll {
    $root = Resolve-Path (Join-Path $PSScriptRoot .. ..)
    $launcher = Join-Path $root ($IsWindows ? 'allspark.cmd' : 'allspark')
    Import-Module (Join-Path $root Allspark.psd1)

    function Invoke-Quickstart([string] $Folder) {
        $clock = [System.Diagnostics.Stopwatch]::StartNew()
        $lines = & $launcher (Join-Path $root Scripts Quickstart.ps1) -OutDir $Folder
        @{ Lines = $lines; ExitCode = $LASTEXITCODE; Seconds = $clock.Elapsed.TotalSeconds }
    }
    $first = Invoke-Quickstart (Join-Path $TestDrive first)
    $second = Invoke-Quickstart (Join-Path $TestDrive second)
    $runs = Get-AllsparkRun (Join-Path $TestDrive first runs.db) -IncludePhases
}

Describe 'The Quickstart' -Tag Slow {
    It 'succeeds' {
        $first.ExitCode | Should -Be 0
    }

    It 'prints one table of five models, with every speed-up' {
        $rows = $first.Lines -match '^(swin_t|swin_s|swin_b|deit_s|vit_b_16) '
        $rows.Count | Should -Be 5
        foreach ($row in $rows) {
            ($row.Trim() -split '\s+').Count | Should -BeGreaterOrEqual 10
        }
        $first.Lines -match '^V100 +Batch and precision' | Should -Not -BeNullOrEmpty
    }

    It 'logs 25 runs: five models under five schemes' {
        $runs.Count | Should -Be 25
        ($runs | Group-Object Model, Scheme).Count | Should -Be 25
        $runs.Experiment | Select-Object -Unique | Should -Be 'quickstart'
    }

    It 'logs each with hash, versions, seed and phase rows' {
        foreach ($run in $runs) {
            $run.Identity | Should -Match '^[0-9a-f]{64}$'
            $run.Result | Should -Match '^[0-9a-f]{64}$'
            $run.EngineVersion | Should -Not -BeNullOrEmpty
            $run.Provenance.Runtime | Should -Not -BeNullOrEmpty
            $run.Seed | Should -Be 0
            $run.Phases.Count | Should -BeGreaterThan 20
        }
    }

    It 'measures the same to the last bit when run again' {
        $again = Get-AllsparkRun (Join-Path $TestDrive second runs.db)
        $again.Identity | Should -Be $runs.Identity
        $again.Result | Should -Be $runs.Result
        foreach ($i in 0..24) {
            foreach ($name in $runs[$i].Metrics.Keys) {
                [BitConverter]::DoubleToInt64Bits($again[$i].Metrics[$name]) | Should -Be ([BitConverter]::DoubleToInt64Bits($runs[$i].Metrics[$name]))
            }
        }
    }

    It 'has Allspark faster than every baseline' {
        $comparisons = $runs | Compare-PimInference -Reference WholeBranch, TokenParallel, TensorParallel, LayerPipeline
        $comparisons.Count | Should -Be 20
        $comparisons | Where-Object SpeedUp -LE 1 | Should -BeNullOrEmpty
    }

    It 'draws the chart and says where: <_>' -ForEach 'speedup.html', 'speedup.csv', 'speedup.svg' {
        $file = Join-Path $TestDrive first $_
        $file | Should -Exist
        $first.Lines | Should -Contain "chart in $file"
    }
}
