#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeDiscovery {
    $manifest = Import-PowerShellDataFile (Join-Path $PSScriptRoot .. .. Allspark.psd1)
    $cmdlets = $manifest.CmdletsToExport
}

BeforeAll {
    $root = Resolve-Path (Join-Path $PSScriptRoot .. ..)
    $manifestFile = Join-Path $root Allspark.psd1
    Import-Module $manifestFile
    $manifest = Import-PowerShellDataFile $manifestFile
}

Describe 'The manifest' {
    It 'is valid' {
        (Test-ModuleManifest $manifestFile).Name | Should -Be 'Allspark'
    }

    It 'has the version of the build, which is written once' {
        $build = [xml] (Get-Content -Raw (Join-Path $root Directory.Build.props))
        $manifest.ModuleVersion | Should -Be $build.SelectSingleNode('//Version').InnerText
    }

    It 'has what a gallery asks for: <_>' -ForEach 'GUID', 'Author', 'Description', 'PowerShellVersion', 'CompatiblePSEditions', 'Copyright' {
        $manifest[$_] | Should -Not -BeNullOrEmpty
    }

    It 'exports all cmdlets of the assembly and nothing else' {
        $module = Get-Module Allspark
        $types = $module.ImplementingAssembly.ExportedTypes ?? (Get-Command Get-DnnModel).ImplementingType.Assembly.ExportedTypes
        $written = $types | ForEach-Object {
            $attribute = $_.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false)
            if ($attribute) { "$($attribute.VerbName)-$($attribute.NounName)" }
        }
        @($module.ExportedCommands.Keys | Sort-Object) | Should -Be @($written | Sort-Object)
        @($manifest.CmdletsToExport | Sort-Object) | Should -Be @($written | Sort-Object)
    }
}

Describe 'The cmdlet <_>' -ForEach $cmdlets {
    BeforeAll {
        $command = Get-Command $_ -Module Allspark
    }

    It 'has an approved verb and a singular noun' {
        $command.Verb | Should -BeIn (Get-Verb).Verb
        $command.Noun | Should -Not -Match 's$'
    }

    It 'is a sealed class named after it' {
        $command.ImplementingType.Name | Should -Be "$($command.Verb)$($command.Noun)Command"
        $command.ImplementingType.IsSealed | Should -BeTrue
    }

    It 'says what it emits, unless it only removes' {
        if ($command.Verb -eq 'Remove') {
            $command.OutputType | Should -BeNullOrEmpty
        }
        else {
            $command.OutputType.Type | Should -Not -BeNullOrEmpty
        }
    }

    It 'asks before it writes or deletes' {
        $command.Parameters.ContainsKey('WhatIf') | Should -Be ($command.Verb -in 'Export', 'Remove')
    }

    It 'takes pipeline input' {
        $command.ParameterSets.Parameters | Where-Object { $_.ValueFromPipeline -or $_.ValueFromPipelineByPropertyName } | Should -Not -BeNullOrEmpty
    }
}

Describe 'The loaded module' {
    BeforeAll {
        function Get-Context([string] $Assembly) {
            [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -eq $Assembly } |
                ForEach-Object { [System.Runtime.Loader.AssemblyLoadContext]::GetLoadContext($_).Name }
        }
        $null = Get-DnnModel swin_t
    }

    It 'keeps the engine and its libraries apart from the shell''s: <_>' -ForEach 'Allspark.Engine', 'YamlDotNet' {
        Get-Context $_ | Should -Be 'Allspark'
    }

    It 'has no type that needs the engine to be listed, before the loader is asked where from' {
        $fields = foreach ($type in (Get-Command Get-DnnModel).ImplementingType.Assembly.ExportedTypes) {
            $type.GetFields('Instance, Public, NonPublic, DeclaredOnly') | Where-Object {
                $kept = [Nullable]::GetUnderlyingType($_.FieldType) ?? $_.FieldType
                $kept.IsValueType -and $kept.Assembly.GetName().Name -eq 'Allspark.Engine'
            }
        }
        $fields | ForEach-Object { "$($_.DeclaringType.Name).$($_.Name)" } | Should -BeNullOrEmpty -Because 'such fields are held by a Setting'
    }

    It 'runs on the shell''s own System.Management.Automation' {
        @(Get-Context System.Management.Automation).Count | Should -Be 1
        Join-Path $root module System.Management.Automation.dll | Should -Not -Exist
    }

    It 'finds SQLite for this platform' {
        $store = Join-Path $TestDrive platform.db
        Split-VitWorkload deit_ti -Array stack-4x4 | Invoke-AllsparkSchedule -Solver Greedy | Measure-PimInference -LogTo $store | Out-Null
        Get-Context Microsoft.Data.Sqlite | Should -Be 'Allspark'
        (Get-AllsparkRun $store).Count | Should -Be 1
    }

    It 'is imported again after it was removed' {
        Remove-Module Allspark
        Get-Command Get-DnnModel -ErrorAction Ignore | Should -BeNullOrEmpty
        Import-Module $manifestFile
        (Get-DnnModel swin_t).Name | Should -Be 'swin_t'
    }

    It 'works in other runspaces at the same time' {
        $names = 'swin_t', 'deit_s', 'vit_b_16' | ForEach-Object -Parallel {
            Import-Module $using:manifestFile
            (Get-DnnModel $_).Name
        }
        $names | Sort-Object | Should -Be 'deit_s', 'swin_t', 'vit_b_16'
    }
}
