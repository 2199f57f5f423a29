#Requires -Version 7.6
<#
.SYNOPSIS
    Runs the Pester tests of folders beside this file, a line for each file, and writes their counts to a file, for build.ps1.
.EXAMPLE
    ./tests/Invoke-ScriptTest.ps1 -Pester ~/.nuget/packages/pester/6.2.0/tools/Pester.psd1 -Name Module -File Views, Jobs
#>
param(
    # The manifest of Pester.
    [Parameter(Mandatory)] [string] $Pester,
    # The folders.
    [Parameter(Mandatory)] [string[]] $Name,
    # Only the files whose names begin so.
    [string[]] $File = '',
    # The file for the counts.
    [string] $Report,
    # Without what is tagged as slow.
    [switch] $Fast
)

$ErrorActionPreference = 'Stop'
Import-Module ([WildcardPattern]::Escape($Pester))

$configuration = New-PesterConfiguration
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'None'
if ($Fast) { $configuration.Filter.ExcludeTag = 'Slow' }

$clock = [Diagnostics.Stopwatch]::StartNew()
$counts = foreach ($folder in $Name -split ',') {
    $sum = [ordered]@{ Name = $folder; Passed = 0; Failed = 0; Skipped = 0; Seconds = -$clock.Elapsed.TotalSeconds }
    $tests = Get-ChildItem -LiteralPath (Join-Path $PSScriptRoot $folder) -Filter *.Tests.ps1 |
        Where-Object { $test = $_; @($File -split ',').Where({ $test.Name.StartsWith($_, 'OrdinalIgnoreCase') }).Count }
    foreach ($test in $tests) {
        $configuration.Run.Path = [WildcardPattern]::Escape($test.FullName)
        $result = Invoke-Pester -Configuration $configuration
        $sum.Passed += $result.PassedCount
        # A file or block that breaks fails its tests without counting them.
        $sum.Failed += $result.FailedCount + $result.FailedContainersCount + $result.FailedBlocksCount
        $sum.Skipped += $result.SkippedCount
        '{0,-14} {1,5} tests {2,5:F0} s  {3}: {4} passed, {5} failed, {6:F1} s' -f $folder, ($sum.Passed + $sum.Failed), $clock.Elapsed.TotalSeconds,
            $test.Name, $result.PassedCount, $result.FailedCount, $result.Duration.TotalSeconds | Out-Host
        foreach ($broken in @($result.FailedContainers) + @($result.FailedBlocks) + @($result.Failed)) {
            "    [-] $($broken.PSObject.Properties['ExpandedPath'] ? $broken.ExpandedPath : $broken.Item)" | Out-Host
            $broken.ErrorRecord | ForEach-Object { "$_" -split '\r?\n'; $_.ScriptStackTrace -split '\r?\n' -notmatch 'Pester\.\w*\.?ps(m)?1:' } |
                ForEach-Object { "        $_" } | Out-Host
        }
    }
    $sum.Seconds = [int] ($sum.Seconds + $clock.Elapsed.TotalSeconds)
    [pscustomobject] $sum
}
if ($Report) { ConvertTo-Json @($counts) | Set-Content -LiteralPath $Report } else { $counts }
