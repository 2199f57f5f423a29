BeforeAll {
    $root = Resolve-Path (Join-Path $PSScriptRoot .. ..)
    Import-Module (Join-Path $root Allspark.psd1)
}

Describe 'Ctrl+C' -Tag Slow -Skip:$IsWindows {
    BeforeAll {
        $store = Join-Path $TestDrive runs.db
        $script = Join-Path $TestDrive endless.ps1
        Set-Content $script @"
Import-Module '$root/Allspark.psd1'
`$workload = Split-VitWorkload swin_t -Array stack-16x16
& { for (`$seed = 0; ; `$seed++) { `$seed } } |
    ForEach-Object { `$workload | Invoke-AllsparkSchedule -Seed `$_ } | Measure-PimInference -LogTo '$store' | Out-Null
"@

        # A shell starts its background jobs with SIGINT ignored, which their children inherit; what is to be interrupted must not.
        $command = @($IsLinux ? ('env', '--default-signal=INT') : @()) + @((Join-Path $root allspark), $script)
        $start = [System.Diagnostics.ProcessStartInfo]::new($command[0], [string[]] $command[1..($command.Count - 1)])
        $start.RedirectStandardOutput = $true
        $start.RedirectStandardError = $true
        $process = [System.Diagnostics.Process]::Start($start)
        $deadline = [datetime]::UtcNow.AddSeconds(120)
        do {
            Start-Sleep -Milliseconds 100
            $logged = (Test-Path $store) ? @(Get-AllsparkRun $store -ErrorAction Ignore).Count : 0
        } until ($logged -ge 3 -or $process.HasExited -or [datetime]::UtcNow -gt $deadline)

        $clock = [System.Diagnostics.Stopwatch]::StartNew()
        & kill -INT $process.Id
        $ended = $process.WaitForExit(30000)
        $clock.Stop()
        if (-not $ended) { $process.Kill() }
    }

    It 'ends the run within a second or so' {
        $logged | Should -BeGreaterOrEqual 3
        $ended | Should -BeTrue
        # A second as a user counts it; the rest is for a busy machine.
        $clock.Elapsed.TotalSeconds | Should -BeLessThan 3
        $process.ExitCode | Should -Not -Be 0
    }

    It 'leaves the logged runs whole' {
        $runs = @(Get-AllsparkRun $store -IncludePhases)
        $runs.Count | Should -BeGreaterOrEqual $logged
        $runs | Where-Object { $_.Metrics.Count -ne $runs[0].Metrics.Count -or $_.Phases.Count -ne 29 } | Should -BeNullOrEmpty
        $runs.Seed | Should -Be @(0..($runs.Count - 1))
    }

    It 'leaves a store that can be written to' {
        Split-VitWorkload swin_t -Array stack-16x16 | Invoke-AllsparkSchedule -Seed 1000000 | Measure-PimInference -LogTo $store | Out-Null
        (Get-AllsparkRun $store -Last 1).Seed | Should -Be 1000000
    }
}
