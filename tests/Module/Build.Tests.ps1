BeforeAll {
    $tools = (Resolve-Path (Join-Path $PSScriptRoot .. .. tools)).ProviderPath
    $shell = [Environment]::GetCommandLineArgs()[0]

    # A tree with sources to be newer than, and a dotnet that publishes nothing but says so.
    function New-Tree {
        $tree = Join-Path $TestDrive ([guid]::NewGuid().ToString('N')) 'a tree'
        foreach ($folder in 'Allspark.PowerShell', 'Allspark.Engine/Models', 'tools/HelpGenerator', 'bin') {
            $null = New-Item -ItemType Directory (Join-Path $tree $folder)
            Set-Content (Join-Path $tree $folder source) $folder
        }
        'Directory.Build.props', 'Directory.Packages.props', 'Allspark.psd1' | ForEach-Object { Set-Content (Join-Path $tree $_) '' }
        Copy-Item (Join-Path $tools Update-Module.ps1) (Join-Path $tree tools)
        Set-Content (Join-Path $tree bin dotnet) @'
#!/bin/sh
here=$(dirname "$0")
echo "$1 ${2##*/}" >>"$here/log"
[ ! -f "$here/broken" ] || { echo 'CS0001: broken'; exit 1; }
sleep 0.3
for each; do
    case $each in -p:PublishDir=*) folder=$2/${each#*=} ;; esac
done
mkdir -p "$folder" && date +%N >"$folder/Allspark.PowerShell.dll"
'@
        & chmod +x (Join-Path $tree bin dotnet)
        $tree
    }

    function Start-Update([string] $Tree, [string[]] $Arguments = @()) {
        $start = [Diagnostics.ProcessStartInfo]::new('dotnet', [string[]] (@('exec', $shell, '-NoProfile', '-File', (Join-Path $Tree tools Update-Module.ps1)) + $Arguments))
        $start.FileName = (Get-Command dotnet -CommandType Application)[0].Source
        $start.Environment['PATH'] = "$Tree/bin:$env:PATH"
        $start.RedirectStandardError = $true
        [Diagnostics.Process]::Start($start)
    }

    # In this process: the same script, without the time that a shell takes to start.
    function Update-Tree([string] $Tree, [hashtable] $Arguments = @{}) {
        $path, $kept = $env:PATH, [Console]::Error
        $said = [IO.StringWriter]::new()
        try {
            $env:PATH = "$Tree/bin:$path"
            [Console]::SetError($said)
            & (Join-Path $Tree tools Update-Module.ps1) @Arguments
        }
        finally {
            $env:PATH = $path
            [Console]::SetError($kept)
        }
        $said.ToString() -split '\r?\n' | Where-Object { $_ }
    }

    function Get-Log([string] $Tree) {
        $log = Join-Path $Tree bin log
        if (Test-Path $log) { Get-Content $log; Remove-Item $log }
    }
}

Describe 'The module is built' -Tag Slow -Skip:$IsWindows {
    BeforeEach {
        $tree = New-Tree
    }

    It 'in a fresh clone, with a line that says so, and not the next time' {
        Update-Tree $tree | Should -Be 'allspark: building the module'
        Get-Log $tree | Should -Be 'publish Allspark.PowerShell'
        Join-Path $tree module Allspark.PowerShell.dll | Should -Exist
        Update-Tree $tree | Should -BeNullOrEmpty
        Get-Log $tree | Should -BeNullOrEmpty
    }

    It 'again when <Changed> changes: <Again>' -ForEach @(
        @{ Changed = 'Allspark.Engine/Models/source'; Again = $true }
        @{ Changed = 'Allspark.Engine/new'; Again = $true }
        @{ Changed = 'Allspark.PowerShell/source'; Again = $true }
        @{ Changed = 'tools/HelpGenerator/source'; Again = $true }
        @{ Changed = 'Directory.Build.props'; Again = $true }
        @{ Changed = 'Allspark.psd1'; Again = $false }
    ) {
        Update-Tree $tree | Out-Null
        Get-Log $tree | Out-Null
        Start-Sleep -Milliseconds 20
        Set-Content (Join-Path $tree $Changed) changed
        Update-Tree $tree | Out-Null
        [bool] (Get-Log $tree) | Should -Be $Again
        Update-Tree $tree | Should -BeNullOrEmpty
    }

    It 'again when a source is gone, and when it is to be compiled otherwise' {
        Update-Tree $tree | Out-Null
        Start-Sleep -Milliseconds 20
        Remove-Item (Join-Path $tree Allspark.Engine Models source)
        Update-Tree $tree | Should -Not -BeNullOrEmpty
        Update-Tree $tree @{ Configuration = 'Debug' } | Should -Not -BeNullOrEmpty
        Update-Tree $tree @{ Configuration = 'Debug' } | Should -BeNullOrEmpty
    }

    It 'or stays as it was when the build fails, which is shown, and is tried again' {
        Update-Tree $tree | Out-Null
        $before = Get-Content (Join-Path $tree module Allspark.PowerShell.dll)
        $broken = New-Item (Join-Path $tree bin broken)
        Set-Content (Join-Path $tree Allspark.Engine Models source) changed
        $process = Start-Update $tree
        $process.StandardError.ReadToEnd() | Should -BeLike '*CS0001: broken*exit code 1*'
        $process.WaitForExit()
        $process.ExitCode | Should -Be 1
        Get-Content (Join-Path $tree module Allspark.PowerShell.dll) | Should -Be $before
        $broken | Remove-Item
        Update-Tree $tree | Should -Be 'allspark: building the module'
        Get-Content (Join-Path $tree module Allspark.PowerShell.dll) | Should -Not -Be $before
    }

    It 'once when three launches begin together' {
        $processes = 1..3 | ForEach-Object { Start-Update $tree }
        $processes | ForEach-Object { $_.StandardError.ReadToEnd() } | Where-Object { $_ } | Should -HaveCount 1
        $processes | ForEach-Object WaitForExit
        $processes.ExitCode | Should -Be 0, 0, 0
        Get-Log $tree | Should -Be 'publish Allspark.PowerShell'
    }

    It 'although a launch was killed while it built' {
        $process = Start-Update $tree
        while (-not (Test-Path (Join-Path $tree bin log))) { Start-Sleep -Milliseconds 20 }
        $process.Kill($true)
        $process.WaitForExit()
        Join-Path $tree module | Should -Not -Exist
        Update-Tree $tree | Should -Be 'allspark: building the module'
        Join-Path $tree module Allspark.PowerShell.dll | Should -Exist
    }
}
