BeforeAll {
    Import-Module (Join-Path $PSScriptRoot .. .. Allspark.psd1)

    function Expand-Graph([string]$Name, [string]$Folder, [string]$As = $Name) {
        $packed = [System.IO.File]::OpenRead((Resolve-Path (Join-Path $PSScriptRoot .. Engine.Tests Data onnx "$Name.onnx.gz")).Path)
        $file = Join-Path $Folder "$As.onnx"
        $graph = [System.IO.File]::Create($file)
        try {
            $stream = [System.IO.Compression.GZipStream]::new($packed, [System.IO.Compression.CompressionMode]::Decompress)
            $stream.CopyTo($graph)
        }
        finally {
            $graph.Dispose()
            $packed.Dispose()
        }
        $file
    }

    $swin = Expand-Graph swin_t $TestDrive
    $vit = Expand-Graph vit_b_16 $TestDrive
    $open = Expand-Graph hf_vit_dyn $TestDrive
}

Describe 'Import-DnnModel of ONNX graphs' {
    It 'reads <Name> as the preset' -ForEach @(@{ Name = 'swin_t' }, @{ Name = 'vit_b_16' }) {
        $imported = Import-DnnModel (Join-Path $TestDrive "$Name.onnx")
        $imported.Name | Should -Be $Name
        $imported.ContentHash | Should -Be (Get-DnnModel $Name).ContentHash
        $imported.Blocks.Count | Should -Be 12
    }

    It 'goes through the pipeline to the measurement of the preset' {
        $imported, $preset = (Import-DnnModel $swin), (Get-DnnModel swin_t) | Split-VitWorkload -Array stack-16x16 |
            Invoke-AllsparkSchedule | Measure-PimInference
        $imported.LatencySeconds | Should -Be $preset.LatencySeconds
        $imported.EnergyJoules | Should -Be $preset.EnergyJoules
    }

    It 'takes files from the pipeline, and wildcards' {
        (Get-ChildItem $TestDrive/*.onnx -Exclude hf* | Import-DnnModel).Name | Sort-Object | Should -Be 'swin_t', 'vit_b_16'
        (Import-DnnModel "$TestDrive/[sv]*.onnx").Name | Sort-Object | Should -Be 'swin_t', 'vit_b_16'
        ($swin | Import-DnnModel).Name | Should -Be 'swin_t'
    }

    It 'names and stores as it is told' {
        $model = Import-DnnModel $vit -Name my-vit -Precision Int8
        $model.Name | Should -Be 'my-vit'
        $model.ParameterBytes | Should -Be $model.Parameters
    }

    It 'takes dimensions as <Kind>' -ForEach @(
        @{ Kind = 'strings'; Dimension = 'batch=1', 'height=224', 'width=224' }
        @{ Kind = 'a hashtable'; Dimension = @{ batch = 1; height = 224; width = 224 } }
    ) {
        (Import-DnnModel $open -Dimension $Dimension).Blocks[0].Grid.ToString() | Should -Be '14×14+1'
    }

    It 'asks for a dimension by name' {
        Import-DnnModel $open -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'InvalidModelFile,*'
        $failures[0].Exception.Message | Should -BeLike "*'batch'*-Dimension batch=1*"
    }

    It 'refuses the dimension <Text>' -ForEach @(@{ Text = 'batch' }, @{ Text = 'batch=none' }, @{ Text = 'batch=0' }, @{ Text = '=1' }) {
        { Import-DnnModel $open -Dimension $Text } | Should -Throw
    }

    It 'says with -Verbose what it found' {
        $messages = Import-DnnModel $swin -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }
        $messages.Message | Should -Contain '12 transformer blocks recognised.'
    }

    It 'reports a damaged file, and goes on' {
        $half = Join-Path $TestDrive half.onnx
        $bytes = [System.IO.File]::ReadAllBytes($vit)
        [System.IO.File]::WriteAllBytes($half, $bytes[0..1000])
        $models = Import-DnnModel $half, $vit -ErrorVariable failures -ErrorAction SilentlyContinue
        $models.Name | Should -Be 'vit_b_16'
        $failures.Count | Should -Be 1
        $failures[0].CategoryInfo.Category | Should -Be 'InvalidData'
        $failures[0].Exception.Message | Should -BeLike 'half.onnx: *cut short or damaged*'
    }

    It 'reports a file that is not there' {
        Import-DnnModel (Join-Path $TestDrive none.onnx) -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
    }

    It 'refuses a resolution, which the graph has fixed' {
        Import-DnnModel $vit -Resolution 384 -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'InvalidArgument,*'
    }
}

Describe 'Import-DnnModel of other tools'' files' {
    BeforeAll {
        $peers = Join-Path $PSScriptRoot .. Engine.Tests Data peers
    }

    It 'reads <File>, and says what has no place' -ForEach @(
        @{ File = 'alexnet.csv'; Tool = 'SCALE-Sim'; Note = '*sparsity of 1 layers*' }
        @{ File = 'encoder.csv'; Tool = 'SCALE-Sim'; Note = '*second operand*' }
        @{ File = 'resnet_stage.yaml'; Tool = 'ZigZag'; Note = '*1 MaxPool, 2 Add*' }
        @{ File = 'attention.yaml'; Tool = 'Stream'; Note = "*'comment'*" }
        @{ File = 'conv_v3.yaml'; Tool = 'Timeloop'; Note = '*one layer*' }
        @{ File = 'conv_v4.yaml'; Tool = 'Timeloop'; Note = '*Densities*' }
    ) {
        $model = Import-DnnModel (Join-Path $peers $File) -Verbose 4>&1
        $model[-1].Name | Should -Be ([System.IO.Path]::GetFileNameWithoutExtension($File))
        $model[0].Message | Should -BeLike "*$File*$Tool*"
        ($model[-1].Notes -like $Note).Count | Should -BeGreaterThan 0
    }

    It 'goes from a topology and a configuration of SCALE-Sim to the measurement' {
        $array = New-PimArray -Path (Join-Path $peers scalesim.cfg)
        $measured = Import-DnnModel (Join-Path $peers alexnet.csv) | Split-VitWorkload -Array $array | Invoke-AllsparkSchedule | Measure-PimInference
        $measured.Model.Macs | Should -Be 1135256096
        $measured.LatencySeconds | Should -BeGreaterThan ($measured.Model.Macs / $array.PeakMacsPerSecond)
    }

    It 'exports what reads back with the same hash' {
        $model = Import-DnnModel (Join-Path $peers resnet_stage.yaml)
        $file = Join-Path $TestDrive back.yaml
        $model | Export-DnnModel -Path $file
        (Import-DnnModel $file).ContentHash | Should -Be $model.ContentHash
    }

    It 'takes -Name, -Precision and -Batch' {
        $model = Import-DnnModel (Join-Path $peers alexnet.csv) -Name mine -Precision Fp16 -Batch 4
        $model.Name, $model.Precision, $model.Batch | Should -Be 'mine', 'Fp16', 4
    }

    It 'refuses <Text> in <File> with its place' -ForEach @(
        @{ File = 'zero.csv'; Text = "Layer, M, N, K,`na, 1, 0, 3,"; Message = 'zero.csv(2,7): 0 is out of bounds. Allowed: 1 to 67108864.' }
        @{ File = 'report.csv'; Text = "LayerID, Total Cycles,`n0, 5,"; Message = 'report.csv(1,1): is no topology of SCALE-Sim*' }
        @{ File = 'map.yaml'; Text = '- {name: Conv, core_allocation: [1]}'; Message = '*is a mapping of ZigZag or Stream, no network*' }
        @{ File = 'arch.yaml'; Text = 'architecture: {version: 0.4}'; Message = '*is an architecture of Timeloop, no network*' }
        @{ File = 'core.yaml'; Text = 'memories: {}'; Message = '*New-PimArray -Path reads it.' }
    ) {
        $path = Join-Path $TestDrive $File
        Set-Content $path $Text
        Import-DnnModel $path -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'InvalidSpecification,*'
        $failures[0].Exception.Message | Should -BeLike $Message
    }

    It 'refuses a resolution, which a topology has fixed' {
        Import-DnnModel (Join-Path $peers alexnet.csv) -Resolution 224 -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'InvalidArgument,*'
    }
}
