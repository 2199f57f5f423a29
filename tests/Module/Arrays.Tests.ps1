BeforeAll {
    Import-Module (Join-Path $PSScriptRoot .. .. Allspark.psd1)
}

Describe 'New-PimArray' {
    It 'makes the preset <_>' -ForEach 'stack-4x4', 'stack-8x8', 'stack-16x16', 'STACK_8x8' {
        (New-PimArray -Preset $_).Name | Should -Be ($_.ToLower() -replace '_', '-')
        (New-PimArray $_).Name | Should -Be ($_.ToLower() -replace '_', '-')
    }

    It 'takes presets from the pipeline' {
        ('stack-4x4', 'stack-8x8' | New-PimArray).NodeCount | Should -Be 16, 64
    }

    It 'makes a grid of another size, of the reference nodes or of another array''s' {
        $array = New-PimArray -Rows 4 -Columns 6
        $array.NodeCount | Should -Be 24
        $array.Name | Should -Be 'custom-4x6'
        $array.Node | Should -Be (New-PimArray stack-16x16).Node
        (New-PimArray -Rows 2 -Columns 2 -BasedOn stack-4x4 -Name tiny).Node | Should -Be (New-PimArray stack-4x4).Node
    }

    It 'replaces <Parameter>, renames the array and drops the source' -ForEach @(
        @{ Parameter = 'NodeMemoryBytes'; Value = 2MB; Read = { $_.Node.MemoryBytes }; Source = 'node.memory' }
        @{ Parameter = 'BufferBytes'; Value = 64KB; Read = { $_.Node.BufferBytes }; Source = 'node.buffer' }
        @{ Parameter = 'MemoryBandwidthBytesPerSecond'; Value = 16e9; Read = { $_.Node.MemoryBandwidthBytesPerSecond }; Source = 'node.bandwidth' }
        @{ Parameter = 'ClockHertz'; Value = 1e9; Read = { $_.Node.ClockHertz }; Source = 'node.clock' }
        @{ Parameter = 'LinkBytesPerCycle'; Value = 32; Read = { $_.InterconnectSpec.LinkBytesPerCycle }; Source = 'interconnect.link' }
        @{ Parameter = 'Topology'; Value = 'Torus'; Read = { "$($_.InterconnectSpec.Topology)" }; Source = 'interconnect.topology' }
    ) {
        $given = @{ $Parameter = $Value }
        $array = New-PimArray stack-16x16 @given
        $array | ForEach-Object $Read | Should -Be $Value
        $array.Name | Should -Be 'custom-16x16'
        $array.Sources.Key | Should -Not -Contain $Source
        $array.ContentHash | Should -Not -Be (New-PimArray stack-16x16).ContentHash
    }

    It 'leaves the preset what it is where its own value is given again' {
        New-PimArray stack-16x16 -BufferBytes 128KB -ClockHertz 0.5e9 -LinkBytesPerCycle 16 | Should -Be (New-PimArray stack-16x16)
        New-PimArray -Rows 16 -Columns 16 -BasedOn stack-16x16 | Should -Be (New-PimArray stack-16x16)
        (New-PimArray stack-16x16 -Name mine).ContentHash | Should -Be (New-PimArray stack-16x16).ContentHash
    }

    It 'derives what follows from <Parameter> by the rule that its source states' -ForEach @(
        @{ Parameter = 'BufferBytes'; Value = 1MB; Read = { $_.Energy.SramReadJoulesPerBit, $_.Energy.SramWriteJoulesPerBit }; Expected = 0.132e-12, 0.234e-12; Sources = 'energy.sramRead', 'energy.sramWrite' }
        @{ Parameter = 'NodeMemoryBytes'; Value = 8MB; Read = { $_.Energy.StaticWattsPerNode }; Expected = 1.5e-3; Sources = 'energy.staticPower' }
        @{ Parameter = 'ClockHertz'; Value = 1e9; Read = { $_.InterconnectSpec.ClockHertz }; Expected = 1e9; Sources = 'interconnect.clock' }
    ) {
        $given = @{ $Parameter = $Value }
        $array = New-PimArray stack-16x16 @given
        $found = @($array | ForEach-Object $Read)
        for ($i = 0; $i -lt $Expected.Count; $i++) { [Math]::Abs($found[$i] / @($Expected)[$i] - 1) | Should -BeLessThan 1e-9 }
        $Sources | ForEach-Object { $array.Sources.Key | Should -Contain $_ }
    }

    It 'makes a larger buffer pay for itself in energy: least near 128 KiB for swin_t' {
        $joules = 32KB, 128KB, 1MB | ForEach-Object {
            (Split-VitWorkload swin_t -Array (New-PimArray stack-16x16 -BufferBytes $_) | Invoke-AllsparkSchedule | Measure-PimInference).EnergyJoules
        }
        $joules[1] | Should -BeLessThan $joules[0]
        $joules[2] / $joules[1] | Should -BeGreaterThan 1.15
    }

    It 'derives them in YAML too, until a number overrides the rule' {
        $file = Join-Path $TestDrive derived.yaml
        New-PimArray stack-16x16 | Export-PimArray $file -Force
        (Get-Content $file) -replace '128 KiB', '1 MiB' -replace '^  staticPower:.*', '  staticPower: 2 mW' | Set-Content $file
        $array = New-PimArray -Path $file
        [Math]::Abs($array.Energy.SramWriteJoulesPerBit / 0.234e-12 - 1) | Should -BeLessThan 1e-9
        $array.Energy.StaticWattsPerNode | Should -Be 2e-3
        $array.Derived | Should -Not -Contain 'energy.staticPower'
    }

    It 'lists near matches of an unknown preset' {
        { New-PimArray stack-16x61 -ErrorAction Stop } |
            Should -Throw '*stack-16x61*stack-16x16*' -ErrorId 'UnknownPreset,Allspark.PowerShell.Commands.NewPimArrayCommand'
    }

    It 'refuses a grid of <Rows>×<Columns>' -ForEach @(@{ Rows = 0; Columns = 4 }, @{ Rows = 4; Columns = 257 }) {
        { New-PimArray -Rows $Rows -Columns $Columns } | Should -Throw -ErrorId 'ParameterArgumentValidationError*'
    }
}

Describe 'Export-PimArray' {
    It 'writes what reads back equal: <_>' -ForEach 'stack-4x4', 'stack-8x8', 'stack-16x16' {
        $file = Join-Path $TestDrive "$_.yaml"
        New-PimArray $_ | Export-PimArray -Path $file
        New-PimArray -Path $file | Should -Be (New-PimArray $_)
        (New-PimArray -Path $file).ContentHash | Should -Be (New-PimArray $_).ContentHash
    }

    It 'names files in a folder after the arrays' {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive presets)
        $files = 'stack-4x4', 'stack-8x8' | New-PimArray | Export-PimArray -Path $folder -PassThru
        $files.Name | Should -Be 'stack-4x4.yaml', 'stack-8x8.yaml'
        (New-PimArray -Path (Join-Path $folder *.yaml)).Count | Should -Be 2
        (Get-ChildItem $folder | New-PimArray).Count | Should -Be 2
    }

    It 'keeps a file that is there, unless -Force is given' {
        $file = Join-Path $TestDrive kept.yaml
        Set-Content $file 'mine'
        New-PimArray stack-4x4 | Export-PimArray $file -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures[0].FullyQualifiedErrorId | Should -Be 'FileExists,Allspark.PowerShell.Commands.ExportPimArrayCommand'
        Get-Content $file | Should -Be 'mine'
        New-PimArray stack-4x4 | Export-PimArray $file -Force
        (New-PimArray -Path $file).Name | Should -Be 'stack-4x4'
    }

    It 'writes nothing with -WhatIf' {
        $file = Join-Path $TestDrive whatif.yaml
        New-PimArray stack-4x4 | Export-PimArray $file -WhatIf
        $file | Should -Not -Exist
    }

    It 'reports a folder that is not there' {
        { New-PimArray stack-4x4 | Export-PimArray (Join-Path $TestDrive nowhere a.yaml) -ErrorAction Stop } |
            Should -Throw -ErrorId 'PathNotFound,*'
    }
}

Describe 'A YAML file that is wrong' {
    BeforeAll {
        New-PimArray stack-16x16 | Export-PimArray -Path (Join-Path $TestDrive right.yaml)
        $right = Get-Content (Join-Path $TestDrive right.yaml)
    }

    It 'is refused with file, line and key: <Name>' -ForEach @(
        @{ Name = 'an unknown key'; Find = '^rows:'; Replace = 'rowz:'; Key = 'rowz' }
        @{ Name = 'a negative number'; Find = '^columns:.*'; Replace = 'columns: -16'; Key = 'columns' }
        @{ Name = 'an absurd number'; Find = '^rows:.*'; Replace = 'rows: 1000000'; Key = 'rows' }
        @{ Name = 'a wrong unit'; Find = '^  clock:.*'; Replace = '  clock: 500 MiB'; Key = 'clock' }
        @{ Name = 'no unit'; Find = '^  memory:.*'; Replace = '  memory: 4194304'; Key = 'node.memory' }
        @{ Name = 'a word that is none of those allowed'; Find = '^  topology:.*'; Replace = '  topology: Ring'; Key = 'interconnect.topology' }
    ) {
        $file = Join-Path $TestDrive wrong.yaml
        $right -replace $Find, $Replace | Set-Content $file
        $line = @($right -match $Find)[0]
        $number = [Array]::IndexOf($right, $line) + 1

        $array = New-PimArray -Path $file -ErrorVariable failures -ErrorAction SilentlyContinue

        $array | Should -BeNullOrEmpty
        $failures[0].FullyQualifiedErrorId | Should -Be 'InvalidSpecification,Allspark.PowerShell.Commands.NewPimArrayCommand'
        $failures[0].CategoryInfo.Category | Should -Be 'InvalidData'
        $failures[0].Exception.Message | Should -BeLike "*wrong.yaml($number,*$Key*"
    }

    It 'does not keep the right ones from being read' {
        'nonsense: [' | Set-Content (Join-Path $TestDrive wrong.yaml)
        $array = New-PimArray -Path (Join-Path $TestDrive wrong.yaml), (Join-Path $TestDrive right.yaml) -ErrorAction SilentlyContinue
        $array.Name | Should -Be 'stack-16x16'
    }

    It 'is reported when it is not there' {
        { New-PimArray -Path (Join-Path $TestDrive absent.yaml) -ErrorAction Stop } | Should -Throw '*absent.yaml*'
    }
}

Describe 'New-PimArray of other tools'' files' {
    BeforeAll {
        $peers = Join-Path $PSScriptRoot .. Engine.Tests Data peers
    }

    It 'reads <File>' -ForEach @(
        @{ File = 'scalesim.cfg'; Name = 'small_ws'; Nodes = 1; Side = 16, 32; Note = '*Sparsity is not modelled*' }
        @{ File = 'zigzag_core.yaml'; Name = 'edge_core'; Nodes = 1; Side = 16, 16; Note = 'regs: registers*' }
        @{ File = 'stream_mesh.yaml'; Name = 'six_tiles'; Nodes = 6; Side = 16, 16; Note = '*divided among them*' }
    ) {
        $array = New-PimArray -Path (Join-Path $peers $File) -Verbose 4>$null
        $array.Name, $array.NodeCount | Should -Be $Name, $Nodes
        $array.Node.ArrayRows, $array.Node.ArrayColumns | Should -Be $Side
        ($array.Notes -like $Note).Count | Should -Be 1
        ($array.Sources | Where-Object Key -EQ node.arrayRows).Source | Should -BeLike "${File}:*"
    }

    It 'writes <_> as what reads back equal' -ForEach 'scalesim.cfg', 'zigzag_core.yaml', 'stream_mesh.yaml' {
        $array = New-PimArray -Path (Join-Path $peers $_)
        $file = Join-Path $TestDrive "$($array.Name).yaml"
        $array | Export-PimArray -Path $file
        New-PimArray -Path $file | Should -Be $array
    }

    It 'makes a mesh of what SCALE-Sim has one of' {
        $one = New-PimArray -Path (Join-Path $peers scalesim.cfg)
        (New-PimArray -Rows 4 -Columns 4 -BasedOn $one).PeakMacsPerSecond | Should -Be (16 * $one.PeakMacsPerSecond)
    }

    It 'refuses <File> with its place' -ForEach @(
        @{ File = 'a.cfg'; Text = "[architecture_presets]`nArrayHeight: -4"; Message = 'a.cfg(2,14): architecture_presets.arrayheight: -4 is out of bounds. Allowed: 1 to 1024.' }
        @{ File = 'b.cfg'; Text = 'hello: world'; Message = 'b.cfg(1,1): is no configuration of SCALE-Sim*' }
        @{ File = 'c.yaml'; Text = 'architecture: {version: 0.4}'; Message = '*is an architecture of Timeloop*' }
        @{ File = 'd.yaml'; Text = "name: d`ncores: [../x.yaml]"; Message = "d.yaml(2,9): cores*: '../x.yaml' leaves the folder*" }
    ) {
        $path = Join-Path $TestDrive $File
        Set-Content $path $Text
        New-PimArray -Path $path -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'InvalidSpecification,*'
        $failures[0].Exception.Message | Should -BeLike $Message
    }
}
