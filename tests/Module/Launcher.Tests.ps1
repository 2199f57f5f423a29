BeforeAll {
    $root = Resolve-Path (Join-Path $PSScriptRoot .. ..)
    $launcher = Join-Path $root ($IsWindows ? 'allspark.cmd' : 'allspark')
}

Describe 'The launcher' {
    It 'runs a command with the module imported' {
        & $launcher -Command '(Get-DnnModel swin_t).Name' | Should -Be 'swin_t'
    }

    It 'takes a command from standard input' -Skip:$IsWindows {
        '(Get-DnnModel swin_s).Name' | & $launcher -Command - | Should -Be 'swin_s'
    }

    It 'runs a script with its arguments' {
        $script = Join-Path $TestDrive arguments.ps1
        Set-Content $script 'param([string] $First, [switch] $Second, [Parameter(ValueFromRemainingArguments)] $Rest) "$First|$Second|$Rest"'
        & $launcher $script 'a b' -Second c 'd  e' | Should -Be 'a b|True|c d  e'
    }

    It 'passes exit code <_> on' -ForEach 0, 3, 255 {
        $script = Join-Path $TestDrive exit.ps1
        Set-Content $script "exit $_"
        & $launcher $script
        $LASTEXITCODE | Should -Be $_
        & $launcher -Command "exit $_"
        $LASTEXITCODE | Should -Be $_
    }

    It 'fails when the script does' {
        $script = Join-Path $TestDrive throw.ps1
        Set-Content $script 'throw "no"'
        & $launcher $script 2>&1 | Out-Null
        $LASTEXITCODE | Should -Be 1
    }

    It 'says nothing when nothing is to be built' {
        $both = & $launcher -Command '1' 2>&1
        $both | Should -Be '1'
    }

    It 'refuses a host that it does not know' {
        $kept = $env:ALLSPARK_HOST
        try {
            $env:ALLSPARK_HOST = 'bash'
            $said = & $launcher -Command '1' 2>&1
            $LASTEXITCODE | Should -Not -Be 0
            "$said" | Should -BeLike '*bash*pwsh*embedded*'
        }
        finally {
            $env:ALLSPARK_HOST = $kept
        }
    }

    It 'explains itself' {
        (& $launcher -Help) -join "`n" | Should -BeLike '*script.ps1*-Command*'
    }

    It 'works through a link, from a folder with spaces' -Skip:$IsWindows {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive 'a folder')
        $link = Join-Path $folder 'my allspark'
        $null = New-Item -ItemType SymbolicLink -Path $link -Target $launcher
        Set-Content (Join-Path $folder 'a script.ps1') '(Get-Location).Path; $args.Count'
        Push-Location $folder
        try {
            & './my allspark' './a script.ps1' x | Should -Be $folder.FullName, '1'
            & './my allspark' -Command '(Get-DnnModel swin_t).Name' | Should -Be 'swin_t'
        }
        finally {
            Pop-Location
        }
    }
}
