BeforeAll {
    $root = Resolve-Path (Join-Path $PSScriptRoot .. ..)
    Import-Module (Join-Path $root Allspark.psd1)
    $measurements = Get-DnnModel swin_t, deit_s | Split-VitWorkload -Array stack-8x8 -Scheme Allspark, TensorParallel |
        Invoke-AllsparkSchedule -Solver Greedy | Measure-PimInference
    $comparisons = $measurements | Compare-PimInference -Reference TensorParallel
}

Describe 'Export-AllsparkChart' -Tag Slow {
    It 'draws one measurement as <Kind>, and says what it shows' -ForEach @(
        @{ Kind = 'Timeline'; Like = '*busiest of*links in use*' }
        @{ Kind = 'Heatmap'; Like = '*node computes (% of the latency)*' }
        @{ Kind = 'Roofline'; Like = '*MACs per byte of node memory, log scale*' }
    ) {
        $block = if ($Kind -eq 'Timeline') { @{ Block = $measurements[0].Phases[3].Block } } else { @{} }
        $file = Join-Path $TestDrive "$Kind.svg"
        $measurements[0] | Export-AllsparkChart $Kind $file @block
        ([xml] (Get-Content -Raw $file)).svg.title | Should -BeLike 'swin_t on stack-8x8*'
        Get-Content -Raw $file | Should -BeLike $Like
    }

    It 'writes <_>' -ForEach 'svg', 'png', 'html', 'json', 'csv' {
        $file = Join-Path $TestDrive "speedup.$_"
        $comparisons | Export-AllsparkChart -Kind Speedup -Path $file
        switch ($_) {
            'svg' { ([xml] (Get-Content -Raw $file)).svg.title | Should -Be 'Speed-up of Allspark on stack-8x8' }
            'png' { [Convert]::ToHexString([IO.File]::ReadAllBytes($file)[0..3]) | Should -Be '89504E47' }
            'html' { Get-Content -Raw $file | Should -Not -Match '<script[^>]+src=' }
            'json' { (Get-Content -Raw $file | ConvertFrom-Json).panels[0][0].series[0].name | Should -Be 'TensorParallel' }
            'csv' { (Import-Csv $file | Where-Object model -EQ swin_t).'speed-up (×)' | Should -Be $comparisons[0].SpeedUp }
        }
    }

    It 'writes several files and emits them with -PassThru' {
        $files = $comparisons | Export-AllsparkChart Speedup (Join-Path $TestDrive a.json), (Join-Path $TestDrive b.html) -PassThru
        $files.Name | Should -Be 'a.json', 'b.html'
    }

    It 'replaces a file only with -Force' {
        $file = Join-Path $TestDrive kept.svg
        Set-Content $file 'old'
        $comparisons | Export-AllsparkChart Speedup $file -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'FileExists,*'
        Get-Content $file | Should -Be 'old'
        $comparisons | Export-AllsparkChart Speedup $file -Force
        ([xml] (Get-Content -Raw $file)).svg | Should -Not -BeNullOrEmpty
    }

    It 'compares measurements itself' {
        $file = Join-Path $TestDrive measured.csv
        $measurements | Export-AllsparkChart Speedup $file
        (Import-Csv $file).'speed-up (×)' | Should -Contain $comparisons[0].SpeedUp.ToString('R', [cultureinfo]::InvariantCulture)
    }

    It 'breaks measurements and runs down alike' {
        $file = Join-Path $TestDrive breakdown.svg
        $measurements | Export-AllsparkChart -Kind Breakdown -Path $file -Title 'Where it goes'
        $store = Join-Path $TestDrive runs.db
        $measurements.Schedule | Measure-PimInference -LogTo $store | Out-Null
        $fromRuns = Join-Path $TestDrive runs.svg
        Get-AllsparkRun $store | Export-AllsparkChart Breakdown $fromRuns -Title 'Where it goes'
        Get-Content -Raw $fromRuns | Should -Be (Get-Content -Raw $file)
        Get-Content -Raw $file | Should -BeLike '*<title>Where it goes</title>*'
    }

    It 'keeps the timeline of a block where a measurement is asked for it, and writes it as trace events' {
        $measurement = $measurements[0].Schedule | Measure-PimInference -Fidelity Event -Block stages.2.blocks.0
        $measurement.Timeline.Block | Should -Be 'stages.2.blocks.0'
        $file = Join-Path $TestDrive block.trace.json
        $measurement | Export-AllsparkChart Timeline $file
        $events = (Get-Content -Raw $file | ConvertFrom-Json).traceEvents
        ($events | Where-Object ph -EQ X).Count | Should -Be ($measurement.Timeline.Nodes.Count + $measurement.Timeline.Links.Count)
    }

    It 'shows any figure against any other' {
        $sweep = foreach ($precision in 'Fp16', 'Int8') {
            foreach ($batch in 1, 2, 4) {
                Get-DnnModel deit_ti -Precision $precision -Batch $batch | Split-VitWorkload -Array stack-4x4 | Invoke-AllsparkSchedule -Solver Greedy |
                    Measure-PimInference
            }
        }
        $file = Join-Path $TestDrive batch.json
        $sweep | Export-AllsparkChart Scaling $file -X Batch -Y EnergyJoules -Series Precision
        $panel = (Get-Content -Raw $file | ConvertFrom-Json).panels[0][0]
        $panel.x.caption | Should -BeLike 'batch*'
        $panel.y.caption | Should -BeLike 'energy (*J)*'
        $panel.series.name | Should -Be 'Fp16', 'Int8'
        $panel.series[0].marks.x | Should -Be 1, 2, 4
        $sweep | Export-AllsparkChart Scaling (Join-Path $TestDrive mixed.json) -X Batch -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures[0].Exception.Message | Should -BeLike '*-Series*Precision*'
    }

    It 'shows stored runs over what the store knows of them' {
        $store = Join-Path $TestDrive batches.db
        1, 2 | ForEach-Object { Get-DnnModel deit_ti -Batch $_ } | Split-VitWorkload -Array stack-4x4 | Invoke-AllsparkSchedule -Solver Greedy |
            Measure-PimInference -LogTo $store | Out-Null
        $file = Join-Path $TestDrive batches.csv
        Get-AllsparkRun $store | Export-AllsparkChart Scaling $file -X batch
        (Import-Csv $file).Batch | Should -Be 1, 2
    }

    It 'writes nothing with -WhatIf' {
        $file = Join-Path $TestDrive whatif.html
        $comparisons | Export-AllsparkChart Speedup $file -WhatIf
        $file | Should -Not -Exist
    }

    It 'refuses <Name>' -ForEach @(
        @{ Name = 'an unknown kind, with near matches'; With = @{ Kind = 'Speedupp'; Path = 'a.html' }; Id = 'UnknownPreset'; Like = '*Speedup*' }
        @{ Name = 'an unknown extension'; With = @{ Kind = 'Speedup'; Path = 'a.pdf' }; Id = 'UnknownChartFormat'; Like = '*.svg*' }
        @{ Name = 'a trace of bars'; With = @{ Kind = 'Speedup'; Path = 'a.trace.json' }; Id = 'UnknownChartFormat'; Like = '*.svg*' }
        @{ Name = 'a block of bars'; With = @{ Kind = 'Speedup'; Path = 'a.svg'; Block = 'head' }; Id = 'ParameterWithoutEffect'; Like = '*Timeline*' }
        @{ Name = 'an axis of bars'; With = @{ Kind = 'Breakdown'; Path = 'a.svg'; X = 'Batch' }; Id = 'ParameterWithoutEffect'; Like = '*Scaling*' }
    ) {
        $With.Path = Join-Path $TestDrive $With.Path
        { $comparisons | Export-AllsparkChart @With } |
            Should -Throw $Like -ErrorId "$Id,Allspark.PowerShell.Commands.ExportAllsparkChartCommand"
    }

    It 'reports what cannot be charted: <Name>' -ForEach @(
        @{ Name = 'an object of another kind'; Objects = { 'text' }; Kind = 'Speedup'; Id = 'WrongInput' }
        @{ Name = 'comparisons as a breakdown'; Objects = { $comparisons }; Kind = 'Breakdown'; Id = 'NothingToChart' }
        @{ Name = 'a timeline of no block'; Objects = { $measurements[0] }; Kind = 'Timeline'; Id = 'NothingToChart' }
        @{ Name = 'a roofline of two measurements'; Objects = { $measurements[0, 0] }; Kind = 'Roofline'; Id = 'NothingToChart' }
        @{ Name = 'measurements of one scheme'; Objects = { $measurements[0] }; Kind = 'Speedup'; Id = 'NothingToChart' }
        @{ Name = 'results that do not differ'; Objects = { $measurements[0] }; Kind = 'Scaling'; Id = 'NothingToChart' }
        @{ Name = 'a figure that is unknown'; Objects = { $measurements }; Kind = 'Scaling'; With = @{ X = 'node.bandwith' }; Id = 'UnknownFigure' }
    ) {
        $with ??= @{}
        $file = Join-Path $TestDrive none.html
        & $Objects | Export-AllsparkChart $Kind $file @with -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures[0].FullyQualifiedErrorId | Should -BeLike "$Id,*"
        $failures[0].Exception.Message | Should -Not -Match '\n'
        $file | Should -Not -Exist
    }

    It 'completes the names of figures' {
        (TabExpansion2 'Export-AllsparkChart -Kind Scaling -X node.band').CompletionMatches.CompletionText | Should -Be 'node.bandwidth'
        (TabExpansion2 'Export-AllsparkChart -Kind Scaling -Y latency').CompletionMatches.CompletionText | Should -Be 'LatencySeconds'
    }
}

Describe 'Measure-PimInference -Block' -Tag Slow {
    It 'is of no use without events, and says so' {
        { $measurements[0].Schedule | Measure-PimInference -Block head } | Should -Throw '*-Fidelity Event*' -ErrorId 'ParameterWithoutEffect,*'
    }

    It 'names the blocks where there is none of that name' {
        { $measurements[0].Schedule | Measure-PimInference -Fidelity Event -Block nowhere -ErrorAction Stop } | Should -Throw '*stages.2.blocks.0*'
    }
}
