BeforeDiscovery {
    $root = (Resolve-Path (Join-Path $PSScriptRoot .. ..)).ProviderPath
    $pages = @(Get-Item (Join-Path $root README.md)) + @(Get-ChildItem (Join-Path $root docs) -Filter *.md)

    # Each page's blocks of code, with the line that they begin at.
    function Get-Block([string] $Path, [string] $Language) {
        $lines = Get-Content -LiteralPath $Path
        for ($i = 0; $i -lt $lines.Count; $i++) {
            if ($lines[$i] -ne "``````$Language") { continue }
            $begin = ++$i
            while ($lines[$i] -ne '```') { $i++ }
            @{ Line = $begin + 1; Code = $lines[$begin..($i - 1)] -join "`n" }
        }
    }

    $scripts = foreach ($page in $pages) {
        $blocks = @(Get-Block $page.FullName powershell)
        if ($blocks) { @{ Page = $page.Name; Blocks = $blocks } }
    }
    $commands = foreach ($page in $pages) {
        foreach ($block in Get-Block $page.FullName sh) {
            foreach ($line in $block.Code -split '\n') { @{ Page = $page.Name; Line = $block.Line; Command = $line } }
        }
    }
}

BeforeAll {
    $root = (Resolve-Path (Join-Path $PSScriptRoot .. ..)).ProviderPath
    Import-Module (Join-Path $root Allspark.psd1)
}

Describe 'The code of <Page>' -Tag Slow -ForEach $scripts {
    BeforeAll {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive $Page)
        # One session a page: a block may use what the blocks before it made.
        $session = [powershell]::Create([Management.Automation.RunspaceMode]::NewRunspace)
        $null = $session.AddScript("Set-Location '$folder'; Import-Module '$root/Allspark.psd1'; `$ErrorActionPreference = 'Stop'").Invoke()
    }

    AfterAll {
        $session.Dispose()
    }

    It 'runs at line <Line>' -ForEach $Blocks {
        $session.Commands.Clear()
        $session.Streams.Error.Clear()
        $given = $session.AddScript(". { $Code`n } | Out-String", $false).Invoke()
        $session.Streams.Error | Should -BeNullOrEmpty
        if (($Code -split '\n')[-1] -notmatch 'Export-|^\$\w+ = ') { "$given".Trim() | Should -Not -BeNullOrEmpty }
    }
}

Describe 'The command lines of the documents' -Tag Slow {
    It '<Page>, line <Line>: <Command>' -ForEach $commands {
        $words = -split $Command
        $words[0] | Should -Be './allspark'
        $tokens = $wrong = $null
        switch -Regex ($words[1]) {
            '^-Command$' {
                $null = $Command -match '-Command "(.*)"$'
                $null = [Management.Automation.Language.Parser]::ParseInput($Matches[1], [ref] $tokens, [ref] $wrong)
                $wrong | Should -BeNullOrEmpty
                & ([scriptblock]::Create($Matches[1])) | Out-String | Should -Not -BeNullOrEmpty
            }
            '\.ps1$' {
                # Scripts of the project have tests of their own; their parameters are as said here.
                $script = Get-Command (Join-Path $root $words[1])
                $words | Select-Object -Skip 2 | Where-Object { $_ -like '-*' } | ForEach-Object { $script.Parameters.Keys | Should -Contain $_.TrimStart('-') }
            }
            default { $Command | Should -BeIn './allspark', './allspark -Prepare' }
        }
    }
}

Describe 'The pages' -Tag Slow {
    It 'have no code that is not run' {
        foreach ($page in @(Get-Item (Join-Path $root README.md)) + @(Get-ChildItem (Join-Path $root docs) -Filter *.md)) {
            $whole = Get-Content -Raw -LiteralPath $page
            $text = [regex]::Replace($whole, '(?ms)^```.*?^```', '') -split '\n'
            $text -match '^    (\./|\$|[A-Z][a-z]+-[A-Z])' | Should -BeNullOrEmpty -Because "$($page.Name) shows code outside of a block"
            $whole -split '\n' -match '^```\w' -replace '```' | Select-Object -Unique | Where-Object { $_ -notin 'powershell', 'sh', 'text', 'yaml', 'json' } | Should -BeNullOrEmpty
        }
    }

    It 'link to files that are there' {
        foreach ($page in @(Get-Item (Join-Path $root README.md)) + @(Get-ChildItem (Join-Path $root docs) -Filter *.md)) {
            foreach ($link in [regex]::Matches((Get-Content -Raw -LiteralPath $page), '\]\(([^)#:]+)(#[^)]*)?\)')) {
                Join-Path (Split-Path $page) $link.Groups[1].Value | Should -Exist -Because "$($page.Name) links to it"
            }
        }
    }
}
