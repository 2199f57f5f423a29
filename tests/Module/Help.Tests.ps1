BeforeDiscovery {
    $cmdlets = (Import-PowerShellDataFile (Join-Path $PSScriptRoot .. .. Allspark.psd1)).CmdletsToExport
}

BeforeAll {
    $root = Resolve-Path (Join-Path $PSScriptRoot .. ..)
    Import-Module (Join-Path $root Allspark.psd1)
    $common = [System.Management.Automation.PSCmdlet]::CommonParameters
}

Describe 'Help of <_>' -Tag Slow -ForEach $cmdlets {
    BeforeAll {
        $name = $_
        $help = Get-Help $name
    }

    It 'says what it does' {
        $help.Synopsis | Should -Not -BeNullOrEmpty
        $help.Synopsis | Should -Not -BeLike "*$name*``[*"
        $help.Description | Should -Not -BeNullOrEmpty
    }

    It 'explains every parameter' {
        $explained = $help.parameters.parameter | Where-Object { $_.description.Text } | ForEach-Object name
        $own = (Get-Command $name).Parameters.Keys | Where-Object { $_ -notin $common }
        @($explained | Sort-Object) | Should -Be @($own | Sort-Object)
    }

    It 'says the default of what may be left out' {
        $cmdlet = (Get-Command $name).ImplementingType
        $instance = [Activator]::CreateInstance($cmdlet)
        foreach ($parameter in $help.parameters.parameter | Where-Object { $_.required -eq 'false' -and $_.name -notin 'WhatIf', 'Confirm' }) {
            $said = "$($parameter.defaultValue)"
            $said | Should -Not -BeNullOrEmpty -Because $parameter.name
            $initial = $instance.($parameter.name)
            if ($initial -is [switch]) { $said | Should -Be 'False' }
            elseif ($said -eq 'None') { "$initial" | Should -BeIn '', '0' -Because "-$($parameter.name) begins as $initial" }
            elseif ($said -notmatch '\s' -and "$initial" -notin '', '0') { $said | Should -Be "$initial" -Because $parameter.name }
        }
        $instance.Dispose()
    }

    It 'leads on to other help' {
        $links = @($help.relatedLinks.navigationLink.linkText)
        $links | Should -Contain 'about_Allspark'
        $links.Count | Should -BeGreaterThan 1
        foreach ($link in $links) { Get-Help $link | Should -Not -BeNullOrEmpty }
    }

    It 'has the common parameters' {
        Get-Help $name -Full | Out-String | Should -BeLike '*<CommonParameters>*about_CommonParameters*'
    }

    It 'has the syntax of every parameter set' {
        @($help.syntax.syntaxItem).Count | Should -Be (Get-Command $name).ParameterSets.Count
    }

    It 'has examples that run without an error' {
        $examples = @($help.examples.example)
        $examples.Count | Should -BeGreaterThan 0
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive $name)
        Push-Location $folder
        try {
            foreach ($example in $examples) {
                { & ([scriptblock]::Create("`$ErrorActionPreference = 'Stop'`n$($example.code)")) | Out-String } | Should -Not -Throw -Because $example.code
            }
        }
        finally {
            Pop-Location
        }
    }
}

Describe 'The topic <_>' -Tag Slow -ForEach 'about_Allspark', 'about_Allspark_Schemes', 'about_Allspark_Runs' {
    It 'is found and fits 80 columns' {
        $text = Get-Help $_ | Out-String
        $text | Should -BeLike "*SHORT DESCRIPTION*"
        $text -split '\r?\n' | ForEach-Object Length | Measure-Object -Maximum | ForEach-Object Maximum | Should -BeLessOrEqual 80
    }
}

Describe 'docs/cmdlets.md' -Tag Slow {
    BeforeAll {
        $document = Get-Content -Raw (Join-Path $root docs cmdlets.md)
    }

    It 'has a section for <_>' -ForEach $cmdlets {
        $document | Should -Match "(?m)^### $_$"
    }

    It 'lists every error id that the code gives' {
        $ids = Get-ChildItem (Join-Path $root Allspark.PowerShell) -Recurse -Filter *.cs | Select-String -AllMatches '"([A-Z][A-Za-z]+)",\s*ErrorCategory\.' |
            ForEach-Object { $_.Matches } | ForEach-Object { $_.Groups[1].Value } | Where-Object { $_ -ne 'Unexpected' } | Sort-Object -Unique
        $ids.Count | Should -BeGreaterThan 20
        $ids | Where-Object { $document -notmatch "``$_``" } | Should -BeNullOrEmpty
    }
}
