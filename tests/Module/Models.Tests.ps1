BeforeAll {
    Import-Module (Join-Path $PSScriptRoot .. .. Allspark.psd1)
}

Describe 'Get-DnnModel' {
    It 'gives all networks when asked for none' {
        $all = Get-DnnModel
        $all.Count | Should -BeGreaterThan 20
        $all.Name | Should -Contain 'swin_b_384'
        ($all.Name | Select-Object -Unique).Count | Should -Be $all.Count
    }

    It 'takes <Name> for <Expected>' -ForEach @(
        @{ Name = 'swin_t'; Expected = @('swin_t') }
        @{ Name = 'SWIN-T'; Expected = @('swin_t') }
        @{ Name = 'swin-*'; Expected = @('swin_t', 'swin_s', 'swin_b', 'swin_b_384', 'swin_l') }
        @{ Name = 'swin_[a-s]'; Expected = @('swin_s', 'swin_b', 'swin_l') }
        @{ Name = 'vit_?_16'; Expected = @('vit_s_16', 'vit_b_16', 'vit_l_16') }
        @{ Name = 'resnet*'; Expected = @('resnet18', 'resnet50', 'resnet152') }
        @{ Name = 'alexnet*'; Expected = @() }
    ) {
        @((Get-DnnModel $Name).Name | Where-Object { $_ } | Sort-Object) | Should -Be @($Expected | Sort-Object)
    }

    It 'takes names from the pipeline, by value and by property' {
        ('swin_t', 'deit_s' | Get-DnnModel).Name | Should -Be 'swin_t', 'deit_s'
        ([pscustomobject]@{ Name = 'vit_l_16' } | Get-DnnModel).Name | Should -Be 'vit_l_16'
    }

    It 'counts <Name> as published: <Parameters> M, <Macs> GMACs' -ForEach @(
        @{ Name = 'swin_t'; Parameters = 28.29; Macs = 4.51 }
        @{ Name = 'swin_b'; Parameters = 87.77; Macs = 15.47 }
        @{ Name = 'deit_s'; Parameters = 22.05; Macs = 4.61 }
        @{ Name = 'vit_b_16'; Parameters = 86.57; Macs = 17.58 }
        @{ Name = 'resnet50'; Parameters = 25.56; Macs = 4.09 }
        @{ Name = 'densenet121'; Parameters = 7.98; Macs = 2.83 }
    ) {
        $model = Get-DnnModel $Name
        [Math]::Abs($model.Parameters / 1e6 / $Parameters - 1) | Should -BeLessThan 0.005
        [Math]::Abs($model.Macs / 1e9 / $Macs - 1) | Should -BeLessThan 0.015
    }

    It 'scales with -Resolution' {
        (Get-DnnModel vit_b_16 -Resolution 384).Macs | Should -BeGreaterThan (Get-DnnModel vit_b_16).Macs
    }

    It 'takes -SequenceLength for text and -Resolution for images' {
        (Get-DnnModel gpt_j -SequenceLength 128).InputWidth | Should -Be 128
        { Get-DnnModel gpt_j -Resolution 224 -ErrorAction Stop } |
            Should -Throw -ErrorId 'InvalidArgument,Allspark.PowerShell.Commands.GetDnnModelCommand' -ExpectedMessage '*-SequenceLength*'
        { Get-DnnModel swin_t -SequenceLength 128 -ErrorAction Stop } | Should -Throw -ExpectedMessage '*-Resolution*'
    }

    It 'computes a -Batch together' {
        $one, $eight = 1, 8 | ForEach-Object {
            Get-DnnModel vit_ti_16 -Batch $_ | Split-VitWorkload -Array stack-8x8 | Invoke-AllsparkSchedule | Measure-PimInference
        }
        $eight.Model.Batch | Should -Be 8
        $eight.Model.Macs | Should -Be $one.Model.Macs
        $eight.LatencySeconds | Should -BeGreaterThan $one.LatencySeconds
        $eight.InferencesPerSecond | Should -BeGreaterThan $one.InferencesPerSecond
        [Math]::Abs($eight.InferencesPerSecond * $eight.LatencySeconds - 8) | Should -BeLessThan 1e-9
        { Get-DnnModel swin_t -Batch 0 } | Should -Throw -ErrorId 'ParameterArgumentValidationError*'
    }

    It 'stores by -Precision' {
        (Get-DnnModel swin_t -Precision Int8).ParameterBytes * 4 | Should -Be (Get-DnnModel swin_t -Precision Fp32).ParameterBytes
    }

    It 'lists near matches of an unknown name, and goes on' {
        $models = Get-DnnModel swin_x, swin_t -ErrorVariable failures -ErrorAction SilentlyContinue
        $models.Name | Should -Be 'swin_t'
        $failures.Count | Should -Be 1
        $failures[0].FullyQualifiedErrorId | Should -Be 'UnknownPreset,Allspark.PowerShell.Commands.GetDnnModelCommand'
        $failures[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $failures[0].TargetObject | Should -Be 'swin_x'
        $failures[0].Exception.Message | Should -BeLike '*swin_x*swin_t*'
    }

    It 'refuses a resolution that a network cannot take, naming those it can' {
        { Get-DnnModel vit_b_16 -Resolution 225 -ErrorAction Stop } |
            Should -Throw -ErrorId 'InvalidArgument,Allspark.PowerShell.Commands.GetDnnModelCommand' -PassThru |
            ForEach-Object { "$_" } | Should -Not -Match "\(Parameter '"
    }

    It 'refuses an absurd resolution' {
        { Get-DnnModel swin_t -Resolution 0 } | Should -Throw -ErrorId 'ParameterArgumentValidationError*'
        { Get-DnnModel swin_t -Resolution 100000 } | Should -Throw -ErrorId 'ParameterArgumentValidationError*'
    }

    It 'describes networks and layers in 80 columns' {
        $list = Get-DnnModel densenet121 | Format-List | Out-String -Width 80
        $list | Should -Match 'Activations \(MiB\) : \d+\.\d\d'
        $table = (Get-DnnModel maxvit_t).Layers | Format-Table | Out-String -Width 80
        ($table -split "`n" | ForEach-Object Length | Measure-Object -Maximum).Maximum | Should -BeLessOrEqual 80
        $table | Should -Match 'necks\.0\.depthwise\s+Conv\s+112×112\s+56×56\s+256→256\s+7\.2\s+2\.8\s+1004'
        $table | Should -Match 'stages\.0\.blocks\.1\s+Grid'
        (Get-DnnModel gpt_j).Layers[0..1] | Format-Table | Out-String -Width 80 | Should -Match 'embedding\s+Words\s+1×1024[\s\S]*blocks\.0\s+Global'
    }

    It 'gives lists that can be indexed from both ends' {
        $model = Get-DnnModel swin_t
        $model.Layers[0].Name | Should -Be 'embedding'
        $model.Layers[-1].Name | Should -Be 'head'
        @($model.Blocks[0..2]).Count | Should -Be 3
    }
}

Describe 'Export-DnnModel and Import-DnnModel' {
    It 'read back what was written: <_>' -ForEach 'swin_t', 'cswin_s', 'maxvit_t', 'densenet121', 'gpt_j' {
        $file = Join-Path $TestDrive "$_.yaml"
        Get-DnnModel $_ | Export-DnnModel -Path $file
        (Import-DnnModel $file).ContentHash | Should -Be (Get-DnnModel $_).ContentHash
    }

    It 'name files in a folder after the networks, and read them from the pipeline' {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive zoo)
        $files = Get-DnnModel resnet* | Export-DnnModel -Path $folder -PassThru
        $files.Name | Should -Be 'resnet18.yaml', 'resnet50.yaml', 'resnet152.yaml'
        (Get-ChildItem $folder | Import-DnnModel | Sort-Object Name).Name | Should -Be 'resnet152', 'resnet18', 'resnet50'
    }

    It 'keep a file that is there, unless -Force is given, and write nothing with -WhatIf' {
        $file = Join-Path $TestDrive kept.yaml
        Get-DnnModel swin_t | Export-DnnModel $file -WhatIf
        $file | Should -Not -Exist
        Set-Content $file 'mine'
        Get-DnnModel swin_t | Export-DnnModel $file -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures[0].FullyQualifiedErrorId | Should -Be 'FileExists,Allspark.PowerShell.Commands.ExportDnnModelCommand'
        Get-DnnModel swin_t | Export-DnnModel $file -Force
        (Import-DnnModel $file -Name other -Precision Int8).Precision | Should -Be 'Int8'
    }

    It 'take a Hugging Face configuration with the library''s defaults' {
        $file = Join-Path $TestDrive config.json
        Set-Content $file '{ "model_type": "gpt2" }'
        $model = Import-DnnModel $file -SequenceLength 64
        $model.Parameters | Should -Be 124439808
        $model.InputWidth | Should -Be 64
        ($model | Split-VitWorkload -Array stack-16x16).Phases.Count | Should -Be 25
    }

    It 'refuse a configuration by file and key, and go on' {
        Set-Content (Join-Path $TestDrive a.json) '{ "model_type": "vit", "hidden_size": -1 }'
        Set-Content (Join-Path $TestDrive b.json) '{ "model_type": "deit" }'
        $models = Import-DnnModel (Join-Path $TestDrive '[ab].json') -ErrorVariable failures -ErrorAction SilentlyContinue
        $models.Family | Should -Be 'DeiT'
        $failures[0].FullyQualifiedErrorId | Should -Be 'InvalidSpecification,Allspark.PowerShell.Commands.ImportDnnModelCommand'
        $failures[0].Exception.Message | Should -BeLike 'a.json(1,*hidden_size*-1 is out of bounds*'
    }

    It 'say which files are read' {
        Set-Content (Join-Path $TestDrive weights.pth) 'x'
        { Import-DnnModel (Join-Path $TestDrive weights.pth) -ErrorAction Stop } |
            Should -Throw -ErrorId 'UnknownModelFormat,*' -ExpectedMessage '*.onnx*.json*.yaml*'
        Set-Content (Join-Path $TestDrive shapes.yaml) 'name: x'
        { Import-DnnModel (Join-Path $TestDrive shapes.yaml) -Resolution 224 -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidArgument,*'
    }
}
