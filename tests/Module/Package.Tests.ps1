BeforeAll {
    $root = Resolve-Path (Join-Path $PSScriptRoot .. ..)
    $launcher = Join-Path $root ($IsWindows ? 'allspark.cmd' : 'allspark')
    $said = & $launcher (Join-Path $root build.ps1) Package 2>&1
    $package = Join-Path $root artifacts package Allspark
}

Describe 'The package' {
    It 'is made' {
        Join-Path $package Allspark.psd1 | Should -Exist -Because ($said -join "`n")
    }

    It 'carries no PowerShell of its own and none of the sidecar''s packages' {
        Get-ChildItem $package -Recurse -Filter System.Management.Automation* | Should -BeNullOrEmpty
        Get-ChildItem $package -Recurse -Directory -Filter node_modules | Should -BeNullOrEmpty
    }

    It 'carries help, views and the scripts of HTML charts' {
        Join-Path $package en-US Allspark.PowerShell.dll-Help.xml | Should -Exist
        Join-Path $package en-US about_Allspark.help.txt | Should -Exist
        (Get-ChildItem (Join-Path $package module charts) -Filter *.min.js).Count | Should -Be 3
        foreach ($file in (Import-PowerShellDataFile (Join-Path $package Allspark.psd1)).FormatsToProcess) {
            Join-Path $package $file | Should -Exist
        }
    }

    It 'is imported anywhere, and does the whole job' {
        $elsewhere = Join-Path $TestDrive modules Allspark
        $null = New-Item -ItemType Directory (Split-Path $elsewhere)
        Copy-Item $package $elsewhere -Recurse
        $script = Join-Path $TestDrive job.ps1
        Set-Content $script @"
`$ErrorActionPreference = 'Stop'
Import-Module '$elsewhere/Allspark.psd1'
Set-Location '$TestDrive'
Split-VitWorkload deit_ti -Array stack-8x8 -Scheme Allspark, TensorParallel | Invoke-AllsparkSchedule -Solver Greedy |
    Measure-PimInference -LogTo runs.db | Export-AllsparkChart Speedup speedup.html
(Get-Module Allspark).ModuleBase
@(Get-AllsparkRun runs.db).Count
(Get-Help Get-DnnModel).Synopsis
"@
        $answer = & $launcher $script
        $answer[0] | Should -Be $elsewhere
        $answer[1] | Should -Be '2'
        $answer[2] | Should -BeLike 'Gets the networks*'
        (Get-Item (Join-Path $TestDrive speedup.html)).Length | Should -BeGreaterThan 500000
    }
}
