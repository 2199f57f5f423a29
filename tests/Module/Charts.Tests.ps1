BeforeDiscovery {
    $hasNode = [bool] (Get-Command node -ErrorAction Ignore) -and (Test-Path (Join-Path $PSScriptRoot .. .. Allspark.Sidecar node_modules vega))
}

BeforeAll {
    $root = Resolve-Path (Join-Path $PSScriptRoot .. ..)
    $launcher = Join-Path $root ($IsWindows ? 'allspark.cmd' : 'allspark')
    Import-Module (Join-Path $root Allspark.psd1)
    $measurements = Get-DnnModel swin_t, deit_s | Split-VitWorkload -Array stack-16x16 -Scheme Allspark, TensorParallel |
        Invoke-AllsparkSchedule -Solver Greedy | Measure-PimInference
    $comparisons = $measurements | Compare-PimInference -Reference TensorParallel
}

Describe 'Export-AllsparkChart' {
    It 'writes a Vega-Lite specification with the figures in it' {
        $file = Join-Path $TestDrive speedup.vl.json
        $comparisons | Export-AllsparkChart -Kind Speedup -Path $file
        $spec = Get-Content -Raw $file | ConvertFrom-Json
        $spec.'$schema' | Should -BeLike '*vega-lite*'
        $spec.data.values | Where-Object model -EQ swin_t | ForEach-Object speedup | Should -Be $comparisons[0].SpeedUp
    }

    It 'writes a page that needs no network' {
        $file = Join-Path $TestDrive speedup.html
        $comparisons | Export-AllsparkChart Speedup $file
        $page = Get-Content -Raw $file
        $page | Should -Not -Match '<script[^>]+src='
        $page.Length | Should -BeGreaterThan 500000
    }

    It 'writes a picture as <_>' -ForEach 'svg', 'png' -Skip:(-not $hasNode) {
        $file = Join-Path $TestDrive "speedup.$_"
        $comparisons | Export-AllsparkChart -Kind Speedup -Path $file
        if ($_ -eq 'svg') {
            ([xml] (Get-Content -Raw $file)).svg | Should -Not -BeNullOrEmpty
        }
        else {
            [Convert]::ToHexString([IO.File]::ReadAllBytes($file)[0..3]) | Should -Be '89504E47'
        }
    }

    It 'writes several files and emits them with -PassThru' {
        $files = $comparisons | Export-AllsparkChart Speedup (Join-Path $TestDrive a.vl.json), (Join-Path $TestDrive b.html) -PassThru
        $files.Name | Should -Be 'a.vl.json', 'b.html'
    }

    It 'compares measurements itself' {
        $file = Join-Path $TestDrive measured.vl.json
        $measurements | Export-AllsparkChart Speedup $file
        $values = (Get-Content -Raw $file | ConvertFrom-Json).data.values
        $values.speedup | Should -Contain $comparisons[0].SpeedUp
    }

    It 'breaks measurements and runs down' {
        $file = Join-Path $TestDrive breakdown.vl.json
        $measurements | Export-AllsparkChart -Kind Breakdown -Path $file -Title 'Where it goes'
        $store = Join-Path $TestDrive runs.db
        $measurements.Schedule | Measure-PimInference -LogTo $store | Out-Null
        $fromRuns = Join-Path $TestDrive runs.vl.json
        Get-AllsparkRun $store | Export-AllsparkChart Breakdown $fromRuns -Title 'Where it goes'
        Get-Content -Raw $fromRuns | Should -Be (Get-Content -Raw $file)
        Get-Content -Raw $file | Should -BeLike '*Where it goes*'
    }

    It 'draws one measurement as <Kind>' -ForEach @(
        @{ Kind = 'Timeline'; With = @{ Block = $true }; Like = '*busiest of*links*' }
        @{ Kind = 'Heatmap'; With = @{}; Like = '*node computes*' }
        @{ Kind = 'Roofline'; With = @{}; Like = '*MACs per byte*' }
    ) {
        $file = Join-Path $TestDrive "$Kind.vl.json"
        if ($With.Block) { $With.Block = $measurements[0].Phases[3].Block }
        $measurements[0] | Export-AllsparkChart $Kind $file @With
        Get-Content -Raw $file | Should -BeLike $Like
    }

    It 'writes nothing with -WhatIf' {
        $file = Join-Path $TestDrive whatif.html
        $comparisons | Export-AllsparkChart Speedup $file -WhatIf
        $file | Should -Not -Exist
    }

    It 'refuses <Name>' -ForEach @(
        @{ Name = 'an unknown kind, with near matches'; Kind = 'Speedupp'; Path = 'a.html'; Id = 'UnknownPreset'; Like = '*Speedup*' }
        @{ Name = 'an unknown extension'; Kind = 'Speedup'; Path = 'a.pdf'; Id = 'UnknownChartFormat'; Like = '*.svg*' }
    ) {
        { $comparisons | Export-AllsparkChart -Kind $Kind -Path (Join-Path $TestDrive $Path) } |
            Should -Throw $Like -ErrorId "$Id,Allspark.PowerShell.Commands.ExportAllsparkChartCommand"
    }

    It 'reports what cannot be charted: <Name>' -ForEach @(
        @{ Name = 'an object of another kind'; Objects = { 'text' }; Kind = 'Speedup'; Id = 'WrongInput' }
        @{ Name = 'comparisons as a breakdown'; Objects = { $comparisons }; Kind = 'Breakdown'; Id = 'NothingToChart' }
        @{ Name = 'a timeline of no block'; Objects = { $measurements[0] }; Kind = 'Timeline'; Id = 'NothingToChart' }
        @{ Name = 'a roofline of two measurements'; Objects = { $measurements[0, 0] }; Kind = 'Roofline'; Id = 'NothingToChart' }
        @{ Name = 'measurements of one scheme'; Objects = { $measurements[0] }; Kind = 'Speedup'; Id = 'NothingToChart' }
    ) {
        $file = Join-Path $TestDrive none.html
        & $Objects | Export-AllsparkChart $Kind $file -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures[0].FullyQualifiedErrorId | Should -BeLike "$Id,*"
        $file | Should -Not -Exist
    }

    It 'says in one line what a picture needs where there is no Node.js, and draws the page all the same' {
        $script = Join-Path $TestDrive nonode.ps1
        Set-Content $script @"
`$env:PATH = '/nonexistent'
Import-Module '$root/Allspark.psd1'
Split-VitWorkload deit_ti -Array stack-8x8 -Scheme Allspark, TensorParallel | Invoke-AllsparkSchedule -Solver Greedy | Measure-PimInference |
    Export-AllsparkChart Speedup '$TestDrive/nonode.svg', '$TestDrive/nonode.html' -ErrorVariable failures -ErrorAction SilentlyContinue
`$failures.Count
`$failures[0].FullyQualifiedErrorId
`$failures[0].Exception.Message
"@
        $said = & $launcher $script
        $said.Count | Should -Be 3
        $said[0] | Should -Be 1
        $said[1] | Should -Be 'NodeMissing,Allspark.PowerShell.Commands.ExportAllsparkChartCommand'
        $said[2] | Should -BeLike '*install Node.js 20 or later*'
        Join-Path $TestDrive nonode.svg | Should -Not -Exist
        Join-Path $TestDrive nonode.html | Should -Exist
    }
}
