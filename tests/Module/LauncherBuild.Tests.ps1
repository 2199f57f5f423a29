BeforeAll {
    $launcher = Resolve-Path (Join-Path $PSScriptRoot .. .. allspark)

    # A tree with sources to be newer than, and programs that build and run nothing but say so.
    function New-Tree {
        $tree = New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid().ToString('N')) 'a tree')
        foreach ($folder in 'Allspark.Host', 'Allspark.PowerShell', 'Allspark.Engine', 'Allspark.Sidecar', 'tools', 'bin') {
            $null = New-Item -ItemType Directory (Join-Path $tree $folder)
            Set-Content (Join-Path $tree $folder source) $folder
        }
        'Directory.Build.props', 'Directory.Packages.props', 'Allspark.psd1', 'Allspark.Sidecar/package-lock.json' |
            ForEach-Object { Set-Content (Join-Path $tree $_) '' }
        Copy-Item $launcher $tree
        Set-Content (Join-Path $tree bin dotnet) @'
#!/bin/sh
here=$(dirname "$0")
if [ "$1" != publish ]; then
    program=${1##*/}
    shift
    echo "run: $program $*"
    exit 7
fi
echo "publish ${2##*/}" >>"$here/log"
[ ! -f "$here/broken" ] || { echo 'CS0001: broken'; exit 1; }
sleep 0.3
while [ "$1" != -o ]; do shift; done
mkdir -p "$2" && touch "$2/Allspark.PowerShell.dll" "$2/Allspark.Host.dll"
'@
        Set-Content (Join-Path $tree bin npm) @'
#!/bin/sh
echo "npm $1" >>"$(dirname "$0")/log"
[ ! -f "$(dirname "$0")/offline" ] || exit 1
mkdir -p node_modules
'@
        & chmod +x (Join-Path $tree bin dotnet) (Join-Path $tree bin npm)
        $tree.FullName
    }

    function Invoke-Launcher([string] $Tree, [string[]] $Arguments, [string] $Kind = 'embedded') {
        $path, $kept = $env:PATH, $env:ALLSPARK_HOST
        try {
            $env:PATH = "$Tree/bin:$path"
            $env:ALLSPARK_HOST = $Kind
            & (Join-Path $Tree allspark) @Arguments 2>&1 | ForEach-Object { "$_" }
        }
        finally {
            $env:PATH, $env:ALLSPARK_HOST = $path, $kept
        }
    }

    function Get-Log([string] $Tree) {
        $log = Join-Path $Tree bin log
        if (Test-Path $log) { Get-Content $log; Remove-Item $log }
    }
}

Describe 'What the launcher builds' -Skip:$IsWindows {
    BeforeEach {
        $tree = New-Tree
    }

    It 'is everything in a fresh clone, with a line each, and nothing the next time' {
        $said = Invoke-Launcher $tree 'script.ps1', 'x'
        $said | Should -Be @(
            'allspark: installing the chart renderer', 'allspark: building the embedded host', 'allspark: building the module', 'run: Allspark.Host.dll -File script.ps1 x')
        $LASTEXITCODE | Should -Be 7
        Get-Log $tree | Should -Be 'npm ci', 'publish Allspark.Host', 'publish Allspark.PowerShell'

        Invoke-Launcher $tree 'script.ps1', 'x' | Should -Be 'run: Allspark.Host.dll -File script.ps1 x'
        Get-Log $tree | Should -BeNullOrEmpty
    }

    It 'is what a change in <Changed> makes stale' -ForEach @(
        @{ Changed = 'Allspark.Engine/source'; Built = @('publish Allspark.PowerShell') }
        @{ Changed = 'Allspark.PowerShell/source'; Built = @('publish Allspark.PowerShell') }
        @{ Changed = 'tools/source'; Built = @('publish Allspark.PowerShell') }
        @{ Changed = 'Allspark.Host/source'; Built = @('publish Allspark.Host') }
        @{ Changed = 'Directory.Build.props'; Built = @('publish Allspark.Host', 'publish Allspark.PowerShell') }
        @{ Changed = 'Allspark.Sidecar/package-lock.json'; Built = @('npm ci') }
        @{ Changed = 'Allspark.psd1'; Built = @() }
    ) {
        Invoke-Launcher $tree '-Prepare' | Out-Null
        Get-Log $tree | Out-Null
        Start-Sleep -Milliseconds 20
        Set-Content (Join-Path $tree $Changed) 'changed'
        Invoke-Launcher $tree '-Prepare' | Out-Null
        @(Get-Log $tree) | Should -Be $Built
        Invoke-Launcher $tree '-Prepare' | Should -BeNullOrEmpty
    }

    It 'notices a source that is gone' {
        Invoke-Launcher $tree '-Prepare' | Out-Null
        Get-Log $tree | Out-Null
        Start-Sleep -Milliseconds 20
        Remove-Item (Join-Path $tree Allspark.Engine source)
        Invoke-Launcher $tree '-Prepare' | Out-Null
        Get-Log $tree | Should -Be 'publish Allspark.PowerShell'
    }

    It 'leaves the module to build.ps1, and keeps the host that runs it' {
        Invoke-Launcher $tree '-Prepare' | Out-Null
        $before = Get-Content (Join-Path $tree artifacts host current)
        Get-Log $tree | Out-Null
        Start-Sleep -Milliseconds 20
        Set-Content (Join-Path $tree build.ps1) ''
        'Allspark.Host', 'Allspark.Engine' | ForEach-Object { Set-Content (Join-Path $tree $_ source) 'changed' }
        Invoke-Launcher $tree (Join-Path $tree build.ps1) | Out-Null
        Get-Log $tree | Should -Be 'publish Allspark.Host'
        Join-Path $tree artifacts host $before Allspark.Host.dll | Should -Exist
    }

    It 'is shown when it fails, and tried again the next time' {
        $broken = New-Item (Join-Path $tree bin broken)
        $said = Invoke-Launcher $tree '-Prepare'
        $LASTEXITCODE | Should -Be 1
        $said | Should -Contain 'CS0001: broken'
        $broken | Remove-Item
        Invoke-Launcher $tree '-Prepare' | Out-Null
        $LASTEXITCODE | Should -Be 0
        Join-Path $tree module Allspark.PowerShell.dll | Should -Exist
    }

    It 'goes on without the renderer where it cannot be installed, and says so once' {
        $null = New-Item (Join-Path $tree bin offline)
        $said = Invoke-Launcher $tree '-Prepare'
        $LASTEXITCODE | Should -Be 0
        $said -match 'npm ci --ignore-scripts in' | Should -Not -BeNullOrEmpty
        Invoke-Launcher $tree '-Prepare' | Should -BeNullOrEmpty
    }

    It 'is built once when three launches begin together' {
        $jobs = 1..3 | ForEach-Object {
            $start = [System.Diagnostics.ProcessStartInfo]::new((Join-Path $tree allspark), [string[]] @('-Prepare'))
            $start.Environment['PATH'] = "$tree/bin:$env:PATH"
            $start.Environment['ALLSPARK_HOST'] = 'embedded'
            $start.RedirectStandardError = $true
            [System.Diagnostics.Process]::Start($start)
        }
        $jobs | ForEach-Object WaitForExit
        $jobs.ExitCode | Should -Be 0, 0, 0
        Get-Log $tree | Should -Be 'npm ci', 'publish Allspark.Host', 'publish Allspark.PowerShell'
        Join-Path $tree artifacts launcher lock | Should -Not -Exist
    }

    It 'is not held up by a launch that was killed' {
        $lock = New-Item -ItemType Directory (Join-Path $tree artifacts launcher lock)
        Set-Content (Join-Path $lock pid) 4194999
        Invoke-Launcher $tree '-Prepare' | Out-Null
        $LASTEXITCODE | Should -Be 0
        Join-Path $tree module Allspark.PowerShell.dll | Should -Exist
    }
}

Describe 'The shell that the launcher chooses' -Skip:$IsWindows {
    BeforeAll {
        function New-Shell([string] $Tree, [string] $Version) {
            Set-Content (Join-Path $Tree bin pwsh) @"
#!/bin/sh
if [ "`$1" = -Version ]; then echo 'PowerShell $Version'; else echo "pwsh: `$*"; fi
"@
            & chmod +x (Join-Path $Tree bin pwsh)
        }
    }

    It 'is <Chosen> where pwsh is <Version>' -ForEach @(
        @{ Version = '7.6.0'; Chosen = 'pwsh' }
        @{ Version = '7.10.1'; Chosen = 'pwsh' }
        @{ Version = '8.0.0-preview.1'; Chosen = 'pwsh' }
        @{ Version = '7.5.4'; Chosen = 'embedded' }
        @{ Version = 'unknown'; Chosen = 'embedded' }
    ) {
        $tree = New-Tree
        New-Shell $tree $Version
        $said = @(Invoke-Launcher $tree 'script.ps1', 'x' -Kind '')
        $said[-1] | Should -Be ($Chosen -eq 'pwsh' ? 'pwsh: -NoLogo -File script.ps1 x' : 'run: Allspark.Host.dll -File script.ps1 x')
        if ($Chosen -eq 'pwsh') { Get-Log $tree | Should -Be 'npm ci', 'publish Allspark.PowerShell' }
    }

    It 'is the one that ALLSPARK_HOST names' {
        $tree = New-Tree
        New-Shell $tree 7.6.0
        (Invoke-Launcher $tree 'script.ps1' -Kind embedded)[-1] | Should -Be 'run: Allspark.Host.dll -File script.ps1'
        New-Shell $tree 7.4.0
        @(Invoke-Launcher $tree 'script.ps1' -Kind pwsh)[-1] | Should -Be 'pwsh: -NoLogo -File script.ps1'
    }

    It 'is given the import before a command' {
        $tree = New-Tree
        (Invoke-Launcher $tree '-c', 'Get-DnnModel', 'swin_t')[-1] | Should -Be "run: Allspark.Host.dll -Command Import-Module '$tree/Allspark.psd1'; Get-DnnModel swin_t"
        @(Invoke-Launcher $tree @())[-1] | Should -Be "run: Allspark.Host.dll -NoExit -Command Import-Module '$tree/Allspark.psd1'"
    }
}
