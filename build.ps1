#Requires -Version 7.6
<#
.SYNOPSIS
    Builds, tests, measures and packages Allspark.
.DESCRIPTION
    Build    the solution, the module folder and, for the embedded host, the program that runs scripts.
    Test     builds, then runs every test; the last line is 'N passed, N failed'.
    Bench    runs the benchmarks of tests/Benchmarks.
    Package  makes artifacts/package/Allspark, a module folder that Import-Module loads anywhere.
    Clean    removes all that was built.
.EXAMPLE
    ./allspark build.ps1 Test
#>
[CmdletBinding()]
param(
    # What is done, in this order.
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Bench', 'Package', 'Clean')]
    [string[]] $Task = 'Build',

    # How it is compiled.
    [ValidateSet('Release', 'Debug')]
    [string] $Configuration = 'Release'
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3.0

$artifacts = Join-Path $PSScriptRoot artifacts
$launcher = Join-Path $PSScriptRoot ($IsWindows ? 'allspark.cmd' : 'allspark')

# No build server outlives the build: it would hold files and pipes open.
$env:MSBUILDDISABLENODEREUSE = '1'
$env:DOTNET_NOLOGO = '1'
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
# Scripts that this one starts run in the same kind of shell.
$env:ALLSPARK_HOST ??= 'pwsh'

function Invoke-Program([string] $Name, [string[]] $Arguments) {
    & $Name @Arguments | Out-Host
    if ($LASTEXITCODE -ne 0) {
        throw "'$Name $Arguments' ended with exit code $LASTEXITCODE."
    }
}

function Invoke-Build {
    Invoke-Program dotnet 'build', (Join-Path $PSScriptRoot Allspark.slnx), '-c', $Configuration, '-v', 'quiet', '-p:UseSharedCompilation=false'
    if ($Configuration -ne 'Release') {
        $env:ALLSPARK_CONFIGURATION = $Configuration
        Remove-Item (Join-Path $artifacts launcher module) -ErrorAction Ignore
    }
    Invoke-Program $launcher '-Prepare'
}

function Invoke-ProgramTest([string] $Project) {
    $program = Join-Path $artifacts bin $Project $Configuration.ToLowerInvariant() "$Project.dll"
    $report = Join-Path $artifacts test "$Project.xml"
    Remove-Item $report -ErrorAction Ignore
    & dotnet $program -xml $report -nologo -noColor | Out-Host
    if (-not (Test-Path $report)) {
        throw "$Project ended with exit code $LASTEXITCODE and no report."
    }
    $assembly = ([xml](Get-Content -Raw $report)).assemblies.assembly
    # What a test is to report even when it passes: the corpus by category.
    $assembly.SelectNodes('.//test[@result="Pass" and traits/trait/@name="Report"]/output') | ForEach-Object InnerText | Out-Host
    [pscustomobject]@{
        Name = $Project
        Passed = [int] $assembly.passed
        Failed = [int] $assembly.failed + [int] $assembly.errors
        Skipped = [int] $assembly.skipped
    }
}

function Invoke-ScriptTest([string] $Name) {
    $report = Join-Path $artifacts test "$Name.json"
    Remove-Item $report -ErrorAction Ignore
    # A process of its own: this one must not hold the module's files while it builds them.
    & $launcher (Join-Path $PSScriptRoot tests Invoke-ScriptTest.ps1) -Path (Join-Path $PSScriptRoot tests $Name) -Report $report | Out-Host
    if (-not (Test-Path $report)) {
        throw "The tests in tests/$Name ended with exit code $LASTEXITCODE and no report."
    }
    Get-Content -Raw $report | ConvertFrom-Json
}

function Invoke-Test {
    Invoke-Build
    $null = New-Item -ItemType Directory -Force (Join-Path $artifacts test)
    $results = @(
        Invoke-ProgramTest Engine.Tests
        Invoke-ProgramTest Host.Tests
        Invoke-ScriptTest Module
        Invoke-ScriptTest Reproductions
    )
    $results | Format-Table Name, Passed, Failed, Skipped | Out-Host
    $sum = @{}
    foreach ($outcome in 'Passed', 'Failed', 'Skipped') {
        $sum[$outcome] = [int] ($results | Measure-Object $outcome -Sum).Sum
    }
    $skipped = $sum.Skipped -gt 0 ? ", $($sum.Skipped) skipped" : ''
    "$($sum.Passed) passed, $($sum.Failed) failed$skipped"
    $script:failed = $sum.Failed -gt 0 -or $sum.Passed -eq 0
}

function Invoke-Bench {
    Invoke-Program dotnet 'run', '--project', (Join-Path $PSScriptRoot tests Benchmarks), '-c', 'Release', '--', '--filter', '*'
}

function Invoke-Package {
    $package = Join-Path $artifacts package Allspark
    Remove-Item $package -Recurse -Force -ErrorAction Ignore
    $module = Join-Path $package module
    # Charts as pages carry scripts that come with the sidecar's packages.
    Invoke-Program $launcher '-Prepare'
    # For every platform, so not compiled ahead of time for one.
    Invoke-Program dotnet @(
        'publish', (Join-Path $PSScriptRoot Allspark.PowerShell), '-c', 'Release', '-o', $module, '-v', 'quiet', '-p:UseSharedCompilation=false'
    )
    if (Test-Path (Join-Path $module System.Management.Automation.dll)) {
        throw 'The package would carry a System.Management.Automation.dll of its own.'
    }
    if (-not (Test-Path (Join-Path $module charts vega.min.js))) {
        throw "The package would lack the scripts of its charts. Install Node.js 20 or later and run 'npm ci --ignore-scripts' in Allspark.Sidecar."
    }
    # PowerShell runs on none of these.
    Get-ChildItem (Join-Path $module runtimes) | Where-Object Name -Match '^(android|browser|ios|maccatalyst)' | Remove-Item -Recurse
    Remove-Item (Join-Path $module *.pdb), (Join-Path $module Allspark.*.xml)

    Copy-Item (Join-Path $PSScriptRoot Allspark.psd1), (Join-Path $PSScriptRoot LICENSE) $package
    Copy-Item (Join-Path $PSScriptRoot en-US) $package -Recurse
    $sidecar = New-Item -ItemType Directory (Join-Path $package Allspark.Sidecar)
    Get-ChildItem -File (Join-Path $PSScriptRoot Allspark.Sidecar) | Copy-Item -Destination $sidecar
    $null = Test-ModuleManifest (Join-Path $package Allspark.psd1)
    Get-Item $package
}

function Invoke-Clean {
    foreach ($folder in 'artifacts', 'module') {
        Remove-Item (Join-Path $PSScriptRoot $folder) -Recurse -Force -ErrorAction Ignore
    }
}

$failed = $false
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
