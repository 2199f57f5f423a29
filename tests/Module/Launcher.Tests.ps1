BeforeAll {
    $root = (Resolve-Path (Join-Path $PSScriptRoot .. ..)).ProviderPath
    $launcher = Join-Path $root ($IsWindows ? 'allspark.cmd' : 'allspark')

    # Runs the launcher with some variables of the environment changed; what it writes to standard error is among the answer.
    function Invoke-Launcher([hashtable] $With, [string[]] $Arguments, [string] $File = $launcher) {
        $start = [Diagnostics.ProcessStartInfo]::new($File, $Arguments)
        foreach ($name in $With.Keys) { $start.Environment[$name] = $With[$name] }
        $start.RedirectStandardOutput = $start.RedirectStandardError = $start.RedirectStandardInput = $true
        $process = [Diagnostics.Process]::Start($start)
        $process.StandardInput.Close()
        $errors = $process.StandardError.ReadToEndAsync()
        $said = $process.StandardOutput.ReadToEnd()
        $process.WaitForExit()
        [pscustomobject]@{ Out = $said.TrimEnd(); Error = $errors.Result.TrimEnd(); ExitCode = $process.ExitCode }
    }
}

Describe 'The launcher' -Tag Slow {
    It 'runs a command with the module imported' {
        & $launcher -Command '(Get-DnnModel swin_t).Name' | Should -Be 'swin_t'
    }

    It 'takes a command from standard input' -Skip:$IsWindows {
        '(Get-DnnModel swin_s).Name' | & $launcher -Command - | Should -Be 'swin_s'
    }

    It 'runs a script with its arguments, the module imported' {
        $script = Join-Path $TestDrive arguments.ps1
        Set-Content $script @'
param([string] $First, [switch] $Second, [switch] $Third, [int] $Number, [Parameter(ValueFromRemainingArguments)] $Rest)
"$First|$Second|$Third|$Number|$($Rest -join '|')"
(Get-DnnModel swin_t).Name
'@
        & $launcher $script 'a b' -Second '-Third:$false' -Number -5 c 'd  e' '$x' "it's" '' | Should -Be "a b|True|False|-5|c|d  e|`$x|it's|", 'swin_t'
        & $launcher -File $script | Should -Be '|False|False|0|', 'swin_t'
    }

    It 'shows a script nothing of its own' {
        $script = Join-Path $TestDrive plain.ps1
        Set-Content $script 'Set-StrictMode -Version 3; $ErrorActionPreference; foreach ($n in "root", "Line", "call") { Test-Path "variable:$n" }; $PSCommandPath'
        & $launcher $script | Should -Be 'Continue', 'False', 'False', 'False', $script
    }

    It 'passes exit code <_> on' -ForEach 0, 3, 255 {
        $script = Join-Path $TestDrive exit.ps1
        Set-Content $script "exit $_"
        & $launcher $script
        $LASTEXITCODE | Should -Be $_
        & $launcher -Command "exit $_"
        $LASTEXITCODE | Should -Be $_
    }

    It 'ends as pwsh -File does after <Script>' -ForEach @(
        @{ Script = 'throw "no"'; Code = 1 }
        @{ Script = 'Get-Item nothing'; Code = 0 }
        @{ Script = '$ErrorActionPreference = "Stop"; Get-Item nothing'; Code = 1 }
        @{ Script = '& dotnet no-such-command *>$null; "done"'; Code = 0 }
    ) {
        $path = Join-Path $TestDrive ends.ps1
        Set-Content $path $Script
        & $launcher $path 2>&1 | Out-Null
        $LASTEXITCODE | Should -Be $Code
    }

    It 'says which script there is not' {
        $answer = Invoke-Launcher @{} 'no such.ps1'
        $answer.ExitCode | Should -Be 64
        $answer.Error | Should -Be "allspark: there is no script 'no such.ps1'."
    }

    It 'says nothing when nothing is to be built, and writes no colours into a file' {
        $answer = Invoke-Launcher @{ NO_COLOR = $null } '-Command', 'Get-DnnModel swin_t; Get-Item nothing'
        $answer.Out | Should -BeLike '*swin_t*'
        $answer.Error | Should -BeLike '*nothing*'
        $answer.Out + $answer.Error | Should -Not -Match ([char] 27)
    }

    It 'explains itself' {
        (& $launcher -Help) -join "`n" | Should -BeLike '*script.ps1*-Command*'
    }

    It 'works through a link, from a folder with spaces' -Skip:$IsWindows {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive 'a folder')
        $link = Join-Path $folder 'my allspark'
        $null = New-Item -ItemType SymbolicLink -Path $link -Target $launcher
        Set-Content -LiteralPath (Join-Path $folder 'a [script].ps1') '(Get-Location).Path; $args.Count'
        Push-Location $folder
        try {
            & './my allspark' './a [script].ps1' x | Should -Be $folder.FullName, '1'
            & './my allspark' -Command '(Get-DnnModel swin_t).Name' | Should -Be 'swin_t'
        }
        finally {
            Pop-Location
        }
    }

    It 'works where the home folder cannot be written to' -Skip:$IsWindows {
        $packages = $env:NUGET_PACKAGES ?? (Join-Path $HOME .nuget packages)
        $answer = Invoke-Launcher @{ HOME = '/proc/1/none'; NUGET_PACKAGES = $packages } '-Command', '(Get-DnnModel swin_t).Name'
        $answer.Error | Should -BeNullOrEmpty
        $answer.Out | Should -Be swin_t
    }

    It 'gives a prompt that has the module' {
        $said = '(Get-DnnModel swin_t).Name + "!"', 'exit 5' | & $launcher
        $LASTEXITCODE | Should -Be 5
        "$said" | Should -BeLike '*swin_t!*'
    }
}

Describe 'Where PowerShell comes from' -Tag Slow -Skip:$IsWindows {
    BeforeAll {
        $version = (Get-Content -Raw (Join-Path $root .config dotnet-tools.json) | ConvertFrom-Json).tools.powershell.version

        # A clone of what the launcher needs, and a dotnet that only says how it is called.
        function New-Tree {
            $tree = Join-Path $TestDrive ([guid]::NewGuid().ToString('N'))
            foreach ($folder in '.config', 'bin', 'home') { $null = New-Item -ItemType Directory (Join-Path $tree $folder) }
            Copy-Item $launcher $tree
            Copy-Item (Join-Path $root .config dotnet-tools.json) (Join-Path $tree .config)
            $dotnet = Join-Path $tree bin dotnet
            Set-Content $dotnet @'
#!/bin/sh
here=$(dirname "$0")
echo "$*" >>"$here/log"
case $1 in
    exec) echo "$2" ;;
    nuget) echo "global-packages: $here/cache/" ;;
    tool)
        [ ! -f "$here/refusal" ] || { cat "$here/refusal"; exit 1; }
        folder=$here/cache/powershell/VERSION
        mkdir -p "$folder/tools/net10.0/any/unix"
        touch "$folder/tools/net10.0/any/unix/pwsh.dll" "$folder/.nupkg.metadata"
        ;;
esac
'@.Replace('VERSION', $version)
            & chmod +x $dotnet
            $tree
        }

        function New-Package([string] $Folder, [switch] $Half) {
            $package = Join-Path $Folder powershell $version
            $library = New-Item -Force (Join-Path $package tools net10.0 any unix pwsh.dll)
            if (-not $Half) { $null = New-Item (Join-Path $package .nupkg.metadata) }
            $library.FullName
        }

        function Invoke-Tree([string] $Tree, [hashtable] $With = @{}) {
            $all = @{ PATH = "$Tree/bin:$env:PATH"; HOME = "$Tree/home"; NUGET_PACKAGES = $null }
            foreach ($name in $With.Keys) { $all[$name] = $With[$name] }
            Invoke-Launcher $all '-Version' (Join-Path $Tree allspark)
        }
    }

    BeforeEach {
        $tree = New-Tree
    }

    It 'is the folder of packages at home, without a restore' {
        $library = New-Package (Join-Path $tree home .nuget packages)
        (Invoke-Tree $tree).Out | Should -Be $library
        Get-Content (Join-Path $tree bin log) | Should -HaveCount 1
    }

    It 'is the folder that NUGET_PACKAGES names' {
        $library = New-Package (Join-Path $tree elsewhere)
        (Invoke-Tree $tree @{ NUGET_PACKAGES = Join-Path $tree elsewhere }).Out | Should -Be $library
    }

    It 'is restored when it is missing, and found where the configuration of NuGet puts it' {
        (Invoke-Tree $tree).Out | Should -Be (Join-Path $tree bin cache powershell $version tools net10.0 any unix pwsh.dll)
        (Get-Content (Join-Path $tree bin log)) -replace '(?<=^exec ).*' | Should -Be 'tool restore', 'nuget locals global-packages --list', 'exec '
    }

    It 'is restored when only half of it is there' {
        $null = New-Package (Join-Path $tree home .nuget packages) -Half
        (Invoke-Tree $tree).Out | Should -BeLike '*/bin/cache/powershell/*'
    }

    It 'is said in one line with the remedy when it cannot be had: <Refusal>' -ForEach @(
        @{ Refusal = 'error NU1301: Unable to load the service index for source https://packages.example/index.json.' }
        @{ Refusal = "Access to the path '/packages/powershell' is denied." }
        @{ Refusal = 'A compatible .NET SDK was not found.' }
        @{ Refusal = 'Something else.' }
    ) {
        Set-Content (Join-Path $tree bin refusal) $Refusal
        $answer = Invoke-Tree $tree
        $answer.ExitCode | Should -Be 1
        $answer.Out | Should -BeNullOrEmpty
        $answer.Error | Should -BeLike "allspark: PowerShell $version could not be restored: *$Refusal*the .NET SDK 10, the network*NUGET_PACKAGES*"
        $answer.Error -split "`n" | Should -HaveCount 1
    }

    It 'is asked of a dotnet that is there' {
        Remove-Item (Join-Path $tree bin dotnet)
        foreach ($program in 'dirname', 'readlink', 'uname', 'sed', 'printf') {
            $null = New-Item -ItemType SymbolicLink -Path (Join-Path $tree bin $program) -Target (Get-Command $program -CommandType Application)[0].Source
        }
        $answer = Invoke-Tree $tree @{ PATH = "$tree/bin" }
        $answer.ExitCode | Should -Be 1
        $answer.Error | Should -Be 'allspark: there is no dotnet on PATH. Install the .NET SDK 10.'
    }

    It 'is not looked for on a system that it does not run on' {
        Set-Content (Join-Path $tree bin uname) "#!/bin/sh`necho FreeBSD"
        & chmod +x (Join-Path $tree bin uname)
        $answer = Invoke-Tree $tree
        $answer.ExitCode | Should -Be 1
        $answer.Error | Should -BeLike '*FreeBSD*Linux or macOS*'
    }
}

Describe 'A clone in a folder with a space, brackets and an apostrophe' -Tag Slow {
    BeforeAll {
        $clone = Join-Path $TestDrive "it's [a] clone"
        $null = New-Item -ItemType Directory $clone
        # The sources as they are, the module of another build not among them.
        Get-ChildItem -LiteralPath $root -Force | Where-Object Name -NotIn '.git', 'artifacts', 'module', 'tests', 'docs' |
            Copy-Item -Destination $clone -Recurse
    }

    It 'says what to run when the module is imported before any build' {
        $import = "Import-Module ([WildcardPattern]::Escape('$($clone.Replace("'", "''"))/Allspark.psd1'))"
        $said = & dotnet exec ([Environment]::GetCommandLineArgs()[0]) -NoProfile -Command $import 2>&1 | Out-String
        $said -replace '\s+', ' ' | Should -BeLike "*Allspark is not built yet. Run '*it's ``[a``] clone*allspark* -Prepare' once, then import it again.*"
    }

    It 'builds, imports and finds its help' {
        $file = Join-Path $clone (Split-Path -Leaf $launcher)
        $answer = Invoke-Launcher @{} ('-Command', '(Get-DnnModel swin_t).Name; (Get-Help Get-DnnModel).Synopsis; (Get-Module Allspark).ModuleBase') $file
        $answer.Error | Should -Be 'allspark: building the module'
        $answer.Out -split '\r?\n' | Should -Be 'swin_t', 'Gets the networks that ship with Allspark.', $clone
        $answer.ExitCode | Should -Be 0
    }
}
