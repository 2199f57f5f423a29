BeforeAll {
    Import-Module (Join-Path $PSScriptRoot .. .. Allspark.psd1)
}

Describe 'Measure-PimTraffic' {
    It 'measures an array under uniform traffic' {
        $measured = Measure-PimTraffic -Array stack-8x8 -Pattern Uniform -InjectionRate 0.1 -Seed 42
        $measured.Stable | Should -BeTrue
        $measured.AverageLatencyCycles | Should -BeGreaterThan 33.2
        $measured.AverageLatencyCycles | Should -BeLessThan 34.5
        [Math]::Abs($measured.AverageHops - 5.25) | Should -BeLessThan 0.05
        [Math]::Abs($measured.AcceptedRate - 0.1) | Should -BeLessThan 0.002
        $measured.Array | Should -Be 'stack-8x8'
    }

    It 'says that a network saturates' {
        $measured = 0.3, 0.6 | Measure-PimTraffic stack-4x4 Transpose -SampleCycles 2000
        $measured.Stable | Should -Be $true, $false
        $table = ($measured | Out-String -Width 100).Trim() -split '\r?\n'
        $table[-2] | Should -Not -Match 'saturated'
        $table[-1] | Should -Match ' saturated '
        $measured[1] | Format-List | Out-String | Should -Match 'saturated: no limit, [\d.]+ so far'
    }

    It 'carries half a flit per cycle and node on a torus of 8 by 8' {
        $measured = Measure-PimTraffic (New-PimArray -Rows 8 -Columns 8 -BasedOn stack-8x8 -Topology Torus) Uniform 0.5 -Seed 42
        $measured.Stable | Should -BeTrue
        [Math]::Abs($measured.AverageLatencyCycles / 40.11 - 1) | Should -BeLessThan 0.02 # BookSim 2
    }

    It 'gives the same bits for the same seed' {
        $first, $second, $other = 7, 7, 8 | ForEach-Object { Measure-PimTraffic stack-4x4 Uniform 0.2 -PacketFlits 5 -SampleCycles 500 -Seed $_ }
        $second | Should -Be $first
        $other | Should -Not -Be $first
    }

    It 'lets buffers and virtual channels bear on the result' {
        $deep = Measure-PimTraffic stack-4x4 Uniform 1 -SampleCycles 1000
        $shallow = Measure-PimTraffic stack-4x4 Uniform 1 -SampleCycles 1000 -BufferFlits 1
        $single = Measure-PimTraffic stack-4x4 Uniform 1 -SampleCycles 1000 -VirtualChannels 1
        $shallow.AcceptedRate | Should -BeLessThan $deep.AcceptedRate
        $single.AcceptedRate | Should -BeLessThan $deep.AcceptedRate
    }

    It 'replays the packets of a file' {
        $path = Join-Path $TestDrive packets.csv
        Set-Content $path 'cycle,source,target,flits', '0,0,3,1', '100,12,3,4'
        $measured = Measure-PimTraffic -Array stack-4x4 -TracePath $path
        $measured.Packets | Should -Be 2
        # three links of 5 cycles and 7; six links, 7 and three flits behind the head
        $measured.AverageLatencyCycles | Should -Be (((7 + 15) + (7 + 30 + 3)) / 2)
    }

    It 'names the line of a trace that is wrong' {
        $path = Join-Path $TestDrive wrong.csv
        Set-Content $path 'cycle,source,target,flits', '0,0,3,1', '1,zero,3,4'
        { Measure-PimTraffic -Array stack-4x4 -TracePath $path -ErrorAction Stop } |
            Should -Throw -ExpectedMessage "*wrong.csv(3,1)*'zero'*" -ErrorId 'InvalidSpecification,*'
    }

    It 'refuses <Why>' -ForEach @(
        @{ Why = 'an injection rate of 0'; Set = @{ InjectionRate = 0 }; Message = '*more than 0*'; Id = 'InvalidArgument,*' }
        @{ Why = 'an injection rate above 1'; Set = @{ InjectionRate = 1.5 }; Message = '*at most 1*'; Id = 'InvalidArgument,*' }
        @{ Why = 'packets without a flit'; Set = @{ InjectionRate = 0.1; PacketFlits = 0 }; Message = '*1 to*'; Id = 'InvalidArgument,*' }
        @{ Why = 'a trace without its file'; Set = @{ InjectionRate = 0.1; Pattern = 'Trace' }; Message = '*-TracePath*'; Id = 'InvalidArgument,*' }
        @{ Why = 'a hotspot of another pattern'; Set = @{ InjectionRate = 0.1; HotspotNode = 3 }; Message = '*Hotspot*'; Id = 'ParameterWithoutEffect,*' }
        @{ Why = 'a share of another pattern'; Set = @{ InjectionRate = 0.1; HotspotFraction = 0.3 }; Message = '*Hotspot*'; Id = 'ParameterWithoutEffect,*' }
        @{ Why = 'a cycle limit that is too low'; Set = @{ InjectionRate = 0.1; CycleLimit = 1000 }; Message = '*limit is 1000*'; Id = 'CycleLimit,*' }
    ) {
        { Measure-PimTraffic -Array stack-4x4 -ErrorAction Stop @Set } | Should -Throw -ExpectedMessage $Message -ErrorId $Id
    }

    It 'refuses a pattern that does not fit the array' {
        $array = New-PimArray -BasedOn stack-4x4 -Rows 4 -Columns 5
        { Measure-PimTraffic $array Transpose 0.1 -ErrorAction Stop } | Should -Throw -ExpectedMessage '*square*'
    }

    It 'goes on with the next rate after one that is wrong' {
        $measured = Measure-PimTraffic stack-4x4 Uniform 0.1, 2, 0.2 -SampleCycles 200 -ErrorAction SilentlyContinue -ErrorVariable wrong
        $measured | Should -HaveCount 2
        $wrong | Should -HaveCount 1
    }
}
