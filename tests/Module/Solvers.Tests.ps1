BeforeAll {
    $root = (Resolve-Path (Join-Path $PSScriptRoot .. ..)).ProviderPath
    Import-Module (Join-Path $root Allspark.psd1)
    $shell = [Environment]::GetCommandLineArgs()[0]

    # What a script writes in a PowerShell of its own.
    function Invoke-Alone([string] $Script) {
        $file = Join-Path $TestDrive "$([guid]::NewGuid()).ps1"
        Set-Content -LiteralPath $file $Script
        & dotnet exec $shell -NoProfile -File $file
    }
}

Describe 'Invoke-AllsparkSchedule -Solver OrTools' -Tag Slow {
    BeforeAll {
        $workload = Split-VitWorkload deit_ti -Array stack-4x4
        $exact = $workload | Invoke-AllsparkSchedule
    }

    It 'proves the optimum that Exact proves, and names its version' {
        $found = $workload | Invoke-AllsparkSchedule -Solver OrTools
        $found.Solver.Status | Should -Be 'Optimal'
        $found.Solver.Objective | Should -Be $exact.Solver.Objective
        $found.Solver.Version | Should -Match '^\d+\.\d+\.\d+$'
        $exact.Solver.Version | Should -BeNullOrEmpty
    }

    It 'is logged with its version' {
        $store = Join-Path $TestDrive runs.db
        $workload | Invoke-AllsparkSchedule -Solver OrTools | Measure-PimInference -LogTo $store | Out-Null
        $exact | Measure-PimInference -LogTo $store | Out-Null
        $runs = Get-AllsparkRun $store | Sort-Object Id
        $runs.Solver | Should -Be 'OrTools', 'Exact'
        ($runs[0].OptionsJson | ConvertFrom-Json).solverVersion | Should -Match '^\d+\.\d+\.\d+$'
        $runs[1].OptionsJson | Should -Not -BeLike '*solverVersion*'
    }

    It 'stops soon after its job is stopped' {
        $job = Split-VitWorkload vit_b_16 -Array stack-16x16 | Invoke-AllsparkSchedule -Solver OrTools -AsJob
        Start-Sleep -Seconds 2
        $clock = [Diagnostics.Stopwatch]::StartNew()
        Stop-Job $job
        $job.State | Should -Be 'Stopped'
        $clock.Elapsed.TotalSeconds | Should -BeLessThan 5
        $job | Remove-Job
    }

    It 'works when the module is imported twice, removed and imported again, and in several runspaces' {
        $manifest = Join-Path $root Allspark.psd1
        Invoke-Alone @"
`$work = {
    Import-Module '$($manifest.Replace("'", "''"))'
    (Split-VitWorkload deit_ti -Array stack-4x4 | Invoke-AllsparkSchedule -Solver OrTools).Solver.Objective
}
& `$work
Import-Module '$($manifest.Replace("'", "''"))' -Force
& `$work
Remove-Module Allspark
& `$work
`$text = "`$work"
1, 2 | ForEach-Object -Parallel { & ([scriptblock]::Create(`$using:text)) }
"@ | Should -Be (@("$($exact.Solver.Objective)") * 5)
    }

    It 'says in one line where there is no library for it, and leaves the rest as it is' {
        $bare = New-Item -ItemType Directory (Join-Path $TestDrive bare)
        foreach ($part in 'Allspark.psd1', 'Allspark.psm1', 'Allspark.PowerShell/Formats', 'module') {
            $target = Join-Path $bare $part
            $null = New-Item -ItemType Directory -Force (Split-Path $target)
            Copy-Item -LiteralPath (Join-Path $root $part) $target -Recurse -Exclude google-ortools-native.*
        }
        Get-ChildItem $bare -Recurse -Filter google-ortools-native.* | Remove-Item
        $said = Invoke-Alone @"
Import-Module '$bare/Allspark.psd1'
`$workload = Split-VitWorkload deit_ti -Array stack-4x4
`$workload | Invoke-AllsparkSchedule -Solver OrTools -ErrorVariable failures -ErrorAction SilentlyContinue
`$failures[0].FullyQualifiedErrorId
`$failures[0].CategoryInfo.Category
`$failures[0].Exception.Message
(`$workload | Invoke-AllsparkSchedule).Solver.Status
`$workload | Invoke-AllsparkSchedule -Solver OrTools -ErrorVariable again -ErrorAction SilentlyContinue
`$again[0].FullyQualifiedErrorId
"@
        $said[0] | Should -Be 'SolverNotAvailable,Allspark.PowerShell.Commands.InvokeAllsparkScheduleCommand'
        $said[1] | Should -Be 'NotInstalled'
        $platform = [Runtime.InteropServices.RuntimeInformation]::RuntimeIdentifier
        $said[2] | Should -BeLike "*library for $platform*The solver Exact*"
        $said[3] | Should -Be 'Optimal'
        $said[4] | Should -Be $said[0]
        $said.Count | Should -Be 5
    }
}
