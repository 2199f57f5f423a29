BeforeAll {
    $root = (Resolve-Path (Join-Path $PSScriptRoot .. ..)).ProviderPath
    $shell = [Environment]::GetCommandLineArgs()[0]
    $said = & dotnet exec $shell -NoProfile -File (Join-Path $root build.ps1) Package 2>&1
    $package = Join-Path $root artifacts package Allspark
}

Describe 'The package' -Tag Slow {
    It 'is made, and would be taken by a gallery' {
        Join-Path $package Allspark.psd1 | Should -Exist -Because ($said -join "`n")
        $manifest = Test-ModuleManifest (Join-Path $package Allspark.psd1)
        foreach ($field in 'Author', 'Description', 'Copyright') {
            $manifest.$field | Should -Not -BeNullOrEmpty
        }
        $manifest.Tags | Should -Contain PSEdition_Core
        # The gallery takes packages of up to 250 MB, compressed.
        $compressed = Join-Path $TestDrive package.zip
        [IO.Compression.ZipFile]::CreateFromDirectory($package, $compressed, 'Fastest', $false)
        (Get-Item $compressed).Length / 1MB | Should -BeLessThan 250
    }

    It 'carries CP-SAT for every platform that it comes for' {
        (Get-ChildItem (Join-Path $package module runtimes * native google-ortools-native.*)).Directory.Parent.Name |
            Sort-Object | Should -Be 'linux-arm64', 'linux-x64', 'osx-arm64', 'osx-x64', 'win-x64'
    }

    It 'carries no PowerShell of its own' {
        Get-ChildItem $package -Recurse -Filter System.Management.Automation* | Should -BeNullOrEmpty
    }

    It 'carries help, views and the licences of what charts are drawn with' {
        (Get-ChildItem (Join-Path $package module licences)).Name | Should -Be 'Inter.txt', 'plotly.txt', 'ScottPlot-parts.txt', 'ScottPlot.txt'
        Join-Path $package en-US Allspark.PowerShell.dll-Help.xml | Should -Exist
        Join-Path $package en-US about_Allspark.help.txt | Should -Exist
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
    Measure-PimInference -LogTo runs.db | Export-AllsparkChart Speedup speedup.svg, speedup.html
(Split-VitWorkload deit_ti -Array stack-4x4 | Invoke-AllsparkSchedule -Solver OrTools).Solver.Status
(Get-Module Allspark).ModuleBase
@(Get-AllsparkRun runs.db).Count
(Get-Help Get-DnnModel).Synopsis
"@
        $answer = & dotnet exec $shell -NoProfile -File $script 2>&1
        $answer | Should -Be 'Optimal', $elsewhere, '2', 'Gets the networks that ship with Allspark.'
        (Get-Item (Join-Path $TestDrive speedup.svg)).Length | Should -BeGreaterThan 5000
        (Get-Item (Join-Path $TestDrive speedup.html)).Length | Should -BeGreaterThan 500000
    }
}
