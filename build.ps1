#Requires -Version 7.6
<#
.SYNOPSIS
    Builds, tests, measures and packages Allspark.
.DESCRIPTION
    Build    the solution and the module folder.
    Test     builds, then runs every test; the last line is 'N passed, N failed'. With -Fast what takes long is left out.
    Bench    runs the benchmarks of tests/Benchmarks.
    Package  makes artifacts/package/Allspark, a module folder that Import-Module loads anywhere.
    Clean    removes all that was built.
.EXAMPLE
    ./allspark build.ps1 Test
.EXAMPLE
    ./allspark build.ps1 Test -Fast
#>
[CmdletBinding()]
param(
    # What is done, in this order.
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Bench', 'Package', 'Clean')]
    [string[]] $Task = 'Build',

    # How it is compiled.
    [ValidateSet('Release', 'Debug')]
    [string] $Configuration = 'Release',

    # With Test: without the tests that are marked as slow.
    [switch] $Fast
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3.0
if ($Fast -and 'Test' -notin $Task) {
    throw '-Fast is for Test.'
}

$artifacts = Join-Path $PSScriptRoot artifacts

# No build server outlives the build: it would hold files and pipes open.
$env:MSBUILDDISABLENODEREUSE = '1'
$env:DOTNET_NOLOGO = '1'
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'

function Invoke-Program([string] $Name, [string[]] $Arguments) {
    & $Name @Arguments | Out-Host
    if ($LASTEXITCODE -ne 0) {
        throw "'$Name $Arguments' ended with exit code $LASTEXITCODE."
    }
}

function Invoke-Build {
    Invoke-Program dotnet 'build', (Join-Path $PSScriptRoot Allspark.slnx), '-c', $Configuration, '-v', 'quiet', '-p:UseSharedCompilation=false'
    & (Join-Path $PSScriptRoot tools Update-Module.ps1) -Configuration $Configuration
}

# One line for what has run so far, at most every five seconds: a test run that shows nothing looks like one that hangs.
function Write-Progress([string] $Project, [int] $Tests, [Diagnostics.Stopwatch] $Clock, [switch] $Last) {
    $seconds = $Clock.Elapsed.TotalSeconds
    if ($Last -or $seconds -ge $script:shown + 5) {
        '{0,-14} {1,5} tests {2,5:F0} s' -f $Project, $Tests, $seconds | Out-Host
        $script:shown = $Last ? 0 : $seconds
    }
}

function Invoke-ProgramTest([string] $Project) {
    $program = Join-Path $artifacts bin $Project $Configuration.ToLowerInvariant() "$Project.dll"
    $report = Join-Path $artifacts test "$Project.xml"
    Remove-Item -LiteralPath $report -ErrorAction Ignore
    $chosen = $Fast ? @('-trait-', 'Speed=Slow') : @()
    $tests, $clock = 0, [Diagnostics.Stopwatch]::StartNew()
    & dotnet $program -result-xml $report -noLogo -noColor -reporter verbose @chosen | ForEach-Object {
        switch -Regex ($_) {
            '\[STARTING\]$|^  (Discover|Starting:|Finished:)|^Ok, passed \d+ tests?\.$' { break }
            '\[FINISHED\] Time: ' { $tests++; Write-Progress $Project $tests $clock; break }
            default { $_ | Out-Host }
        }
    }
    Write-Progress $Project $tests $clock -Last
    if (-not (Test-Path -LiteralPath $report)) {
        throw "$Project ended with exit code $LASTEXITCODE and no report."
    }
    $assembly = ([xml](Get-Content -Raw -LiteralPath $report)).assemblies.assembly
    [pscustomobject]@{
        Name = $Project
        Passed = [int] $assembly.passed
        Failed = [int] $assembly.failed + [int] $assembly.errors
        Skipped = [int] $assembly.skipped
        Seconds = [int] $clock.Elapsed.TotalSeconds
    }
}

# In a process of its own: this one must not hold the module's files while it builds them. It writes its lines between those of the others.
function Start-ScriptTest([string[]] $Name) {
    $report = Join-Path $artifacts test scripts.json
    Remove-Item -LiteralPath $report -ErrorAction Ignore
    $pester = & dotnet msbuild (Join-Path $PSScriptRoot tests Pester Pester.csproj) -getProperty:PesterManifest
    $shell = [Environment]::GetCommandLineArgs()[0]
    $arguments = @(
        'exec', $shell, '-NoProfile', '-NoLogo', '-File', (Join-Path $PSScriptRoot tests Invoke-ScriptTest.ps1)
        '-Pester', $pester, '-Report', $report, '-Name', ($Name -join ',')
    )
    [Diagnostics.Process]::Start([Diagnostics.ProcessStartInfo]::new('dotnet', [string[]] ($arguments + @($Fast ? '-Fast' : @()))))
}

function Receive-ScriptTest([Diagnostics.Process] $Process) {
    $Process.WaitForExit()
    $report = Join-Path $artifacts test scripts.json
    if (-not (Test-Path -LiteralPath $report)) {
        throw "The script tests ended with exit code $($Process.ExitCode) and no report."
    }
    Get-Content -Raw -LiteralPath $report | ConvertFrom-Json
}

function Invoke-Test {
    if ($Fast) {
        # Without the analyzers, and no more than is tested.
        Invoke-Program dotnet 'build', (Join-Path $PSScriptRoot tests Engine.Tests), '-c', $Configuration, '-v', 'quiet', '-p:RunAnalyzers=false'
        Invoke-Program dotnet 'restore', (Join-Path $PSScriptRoot tests Pester), '-v', 'quiet'
        & (Join-Path $PSScriptRoot tools Update-Module.ps1) -Configuration $Configuration
    }
    else {
        Invoke-Build
    }
    $null = New-Item -ItemType Directory -Force (Join-Path $artifacts test)
    # Side by side: much of what scripts do is to wait for the shells that they start.
    $scripts = Start-ScriptTest ($Fast ? 'Module' : @('Module', 'Reproductions'))
    $results = @(
        Invoke-ProgramTest Engine.Tests
        Receive-ScriptTest $scripts
    )
    $results | Format-Table Name, Passed, Failed, Skipped, Seconds | Out-Host
    $sum = @{}
    foreach ($outcome in 'Passed', 'Failed', 'Skipped') {
        $sum[$outcome] = [int] ($results | Measure-Object $outcome -Sum).Sum
    }
    $skipped = $sum.Skipped -gt 0 ? ", $($sum.Skipped) skipped" : ''
    "$($sum.Passed) passed, $($sum.Failed) failed$skipped"
    $script:failed = $sum.Failed -gt 0 -or [bool] ($results | Where-Object Passed -EQ 0)
}

function Invoke-Bench {
    Invoke-Program dotnet 'run', '--project', (Join-Path $PSScriptRoot tests Benchmarks), '-c', 'Release', '--', '--filter', '*'
}

function Invoke-Package {
    $package = Join-Path $artifacts package Allspark
    Remove-Item -LiteralPath $package -Recurse -Force -ErrorAction Ignore
    $module = Join-Path $package module
    # For every platform, so not compiled ahead of time for one. A relative folder, because of apostrophes (see Directory.Build.props).
    Invoke-Program dotnet @(
        'publish', (Join-Path $PSScriptRoot Allspark.PowerShell), '-c', 'Release', '-v', 'quiet', '-p:UseSharedCompilation=false'
        '-p:AllPlatforms=true', '-p:PublishDir=../artifacts/package/Allspark/module/'
    )
    if (Test-Path -LiteralPath (Join-Path $module System.Management.Automation.dll)) {
        throw 'The package would carry a System.Management.Automation.dll of its own.'
    }
    # PowerShell runs on none of these.
    Get-ChildItem -LiteralPath (Join-Path $module runtimes) | Where-Object Name -Match '^(android|browser|ios|maccatalyst)' | Remove-Item -Recurse
    Get-ChildItem -LiteralPath $module | Where-Object Name -Match '\.pdb$|^Allspark\..*\.xml$' | Remove-Item

    $formats = Get-ChildItem -LiteralPath (Join-Path $PSScriptRoot Allspark.PowerShell Formats) -Filter *.ps1xml | ForEach-Object { "Allspark.PowerShell/Formats/$($_.Name)" }
    foreach ($part in @('Allspark.psd1', 'Allspark.psm1', 'LICENSE', 'en-US') + $formats) {
        $target = Join-Path $package $part
        $null = New-Item -ItemType Directory -Force (Split-Path $target)
        Copy-Item -LiteralPath (Join-Path $PSScriptRoot $part) $target -Recurse
    }
    $null = Test-ModuleManifest ([WildcardPattern]::Escape((Join-Path $package Allspark.psd1)))
    Get-Item -LiteralPath $package
}

function Invoke-Clean {
    foreach ($folder in 'artifacts', 'module') {
        Remove-Item -LiteralPath (Join-Path $PSScriptRoot $folder) -Recurse -Force -ErrorAction Ignore
    }
}

$failed = $false
$shown = 0
foreach ($name in $Task) {
    switch ($name) {
        Build { Invoke-Build }
        Test { Invoke-Test }
        Bench { Invoke-Bench }
        Package { Invoke-Package }
        Clean { Invoke-Clean }
    }
}
exit [int] $failed
