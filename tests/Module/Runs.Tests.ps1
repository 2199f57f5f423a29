BeforeAll {
    Import-Module (Join-Path $PSScriptRoot .. .. Allspark.psd1)
    $store = Join-Path $TestDrive runs.db
    Get-DnnModel deit_ti, deit_s | Split-VitWorkload -Array stack-8x8 -Scheme TensorParallel, TokenParallel |
        Invoke-AllsparkSchedule -Solver Greedy | Measure-PimInference -LogTo $store -Experiment first | Out-Null
    Split-VitWorkload swin_t -Array stack-16x16 | Invoke-AllsparkSchedule -Solver Greedy -Seed 3 |
        Measure-PimInference -LogTo $store -Experiment second | Out-Null
}

Describe 'Get-AllsparkRun' {
    It 'gives all runs, oldest first, with their store' {
        $runs = Get-AllsparkRun $store
        $runs.Id | Should -Be 1, 2, 3, 4, 5
        $runs.Store | Select-Object -Unique | Should -Be (Resolve-Path $store).Path
    }

    It 'restricts by <Parameter>' -ForEach @(
        @{ Parameter = 'Id'; Value = 2, 4; Expected = 2, 4 }
        @{ Parameter = 'Model'; Value = 'DEIT-*'; Expected = 1, 2, 3, 4 }
        @{ Parameter = 'Array'; Value = 'stack_16x16'; Expected = 5 }
        @{ Parameter = 'Scheme'; Value = 'Token*'; Expected = 2, 4 }
        @{ Parameter = 'Experiment'; Value = 'second'; Expected = 5 }
        @{ Parameter = 'Last'; Value = 2; Expected = 4, 5 }
        @{ Parameter = 'Since'; Value = [datetime]::Now.AddHours(1); Expected = @() }
    ) {
        $given = @{ $Parameter = $Value }
        @((Get-AllsparkRun $store @given).Id | Where-Object { $_ }) | Should -Be @($Expected)
    }

    It 'adds the phases with -IncludePhases' {
        $run = Get-AllsparkRun $store -Model swin_t -IncludePhases
        $run.Phases.Count | Should -Be 29
        $run.Phases[0].Block | Should -Be 'embedding'
        $run.Seed | Should -Be 3
        (Get-AllsparkRun $store -Model swin_t).Phases | Should -BeNullOrEmpty
    }

    It 'has every metric with its unit' {
        $run = Get-AllsparkRun $store -Last 1
        $run.Metrics.Count | Should -BeGreaterThan 20
        $run.Units['LatencySeconds'] | Should -Be 's'
        $run.Metrics['Macs'] | Should -Be (Get-DnnModel swin_t).Macs
    }

    It 'reports a store that is not there, and does not make it' {
        $absent = Join-Path $TestDrive absent.db
        { Get-AllsparkRun $absent -ErrorAction Stop } | Should -Throw -ErrorId 'RunStoreNotFound,Allspark.PowerShell.Commands.GetAllsparkRunCommand'
        $absent | Should -Not -Exist
    }

    It 'reports a run that is not there' {
        (Get-AllsparkRun $store -Id 1, 77 -ErrorVariable failures -ErrorAction SilentlyContinue).Id | Should -Be 1
        $failures[0].FullyQualifiedErrorId | Should -Be 'RunNotFound,Allspark.PowerShell.Commands.GetAllsparkRunCommand'
    }
}

Describe 'Export-AllsparkRun' {
    It 'writes <Extension>' -ForEach @(
        @{ Extension = 'csv'; Read = { Import-Csv $_ | ForEach-Object { [double] $_.LatencySeconds } } }
        @{ Extension = 'json'; Read = { (Get-Content -Raw $_ | ConvertFrom-Json).Metrics.LatencySeconds.Value } }
        @{ Extension = 'jsonl'; Read = { (Get-Content $_ | ConvertFrom-Json).Metrics.LatencySeconds.Value } }
    ) {
        $file = Join-Path $TestDrive "runs.$Extension"
        Get-AllsparkRun $store | Export-AllsparkRun -Path $file
        $file | ForEach-Object $Read | Should -Be (Get-AllsparkRun $store).LatencySeconds
    }

    It 'keeps a file that is there, unless -Force is given' {
        $file = Join-Path $TestDrive kept.csv
        Set-Content $file 'mine'
        { Get-AllsparkRun $store | Export-AllsparkRun $file -ErrorAction Stop } | Should -Throw -ErrorId 'FileExists,*'
        Get-Content $file | Should -Be 'mine'
        (Get-AllsparkRun $store | Export-AllsparkRun $file -Force -PassThru).Length | Should -BeGreaterThan 1000
    }

    It 'writes nothing with -WhatIf' {
        $file = Join-Path $TestDrive whatif.csv
        Get-AllsparkRun $store | Export-AllsparkRun $file -WhatIf
        $file | Should -Not -Exist
    }

    It 'refuses another extension before it reads anything' {
        { Get-AllsparkRun $store | Export-AllsparkRun (Join-Path $TestDrive runs.xlsx) } |
            Should -Throw '*.csv*' -ErrorId 'UnknownRunFormat,Allspark.PowerShell.Commands.ExportAllsparkRunCommand'
    }
}

Describe 'Remove-AllsparkRun' {
    BeforeEach {
        $copy = Join-Path $TestDrive "copy.db"
        Remove-Item "$copy*"
        Copy-Item $store $copy
    }

    It 'removes runs that come down the pipeline' {
        Get-AllsparkRun $copy -Model deit_s | Remove-AllsparkRun
        (Get-AllsparkRun $copy).Model | Should -Be 'deit_ti', 'deit_ti', 'swin_t'
    }

    It 'removes runs by number' {
        Remove-AllsparkRun $copy -Id 1, 5
        (Get-AllsparkRun $copy).Id | Should -Be 2, 3, 4
    }

    It 'removes nothing with -WhatIf' {
        Get-AllsparkRun $copy | Remove-AllsparkRun -WhatIf
        (Get-AllsparkRun $copy).Count | Should -Be 5
    }

    It 'removes none where one is not there' {
        Remove-AllsparkRun $copy 4, 88, 89 -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures.FullyQualifiedErrorId | Should -Be (@('RunNotFound,Allspark.PowerShell.Commands.RemoveAllsparkRunCommand') * 2)
        "$($failures[0])" | Should -BeLike '*no run 88*None is removed*'
        (Get-AllsparkRun $copy).Id | Should -Be 1, 2, 3, 4, 5
    }

    It 'makes no store where there is none' {
        $absent = Join-Path $TestDrive absent.db
        { Remove-AllsparkRun $absent 1 -ErrorAction Stop } | Should -Throw -ErrorId 'RunStoreNotFound,*'
        $absent | Should -Not -Exist
    }
}
