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

    It 'gives lists that can be indexed from both ends' {
        $model = Get-DnnModel swin_t
        $model.Layers[0].Name | Should -Be 'embedding'
        $model.Layers[-1].Name | Should -Be 'head'
        @($model.Blocks[0..2]).Count | Should -Be 3
    }
}
