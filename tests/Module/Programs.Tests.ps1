BeforeAll {
    Import-Module (Join-Path $PSScriptRoot .. .. Allspark.psd1)
    $workload = Split-VitWorkload deit_ti -Array stack-4x4
}

Describe 'Export-AllsparkProgram' {
    It 'writes <_> with readable names and the unit' -ForEach 'lp', 'mps' {
        $file = Join-Path $TestDrive "program.$_"
        $workload | Export-AllsparkProgram -Path $file
        $text = Get-Content -Raw $file
        $text | Should -BeLike '*deit_ti on stack-4x4*latency*picoseconds*'
        $text | Should -BeLike '*x.p0.embedding.Projection.1x1.h1.s1*'
        $text | Should -BeLike '*memory.p1.*.Attention*'
    }

    It 'writes the program of the objective asked for' {
        $file = Join-Path $TestDrive energy.lp
        $workload | Export-AllsparkProgram $file -Objective Energy
        Get-Content -Raw $file | Should -BeLike '*energy*picojoules*'
    }

    It 'names a file for each workload by a script block' {
        $files = 'deit_ti', 'swin_t' | Split-VitWorkload -Array stack-4x4 |
            Export-AllsparkProgram -Path { Join-Path $TestDrive "$($_.Model.Name).lp" } -PassThru
        $files.Name | Should -Be 'deit_ti.lp', 'swin_t.lp'
        $files.Length | Should -Not -Contain 0
    }

    It 'keeps a file that is there, unless -Force is given' {
        $file = Join-Path $TestDrive kept.lp
        Set-Content $file 'mine'
        $workload | Export-AllsparkProgram $file -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures[0].FullyQualifiedErrorId | Should -Be 'FileExists,Allspark.PowerShell.Commands.ExportAllsparkProgramCommand'
        Get-Content $file | Should -Be 'mine'
        $workload | Export-AllsparkProgram $file -Force
        Get-Content -Raw $file | Should -BeLike '*Minimize*'
    }

    It 'writes nothing with -WhatIf' {
        $file = Join-Path $TestDrive never.mps
        $workload | Export-AllsparkProgram $file -WhatIf
        $file | Should -Not -Exist
    }

    It 'names the extensions there are' {
        { $workload | Export-AllsparkProgram (Join-Path $TestDrive program.txt) -ErrorAction Stop } |
            Should -Throw '*.txt*.lp*.mps*' -ErrorId 'InvalidArgument,Allspark.PowerShell.Commands.ExportAllsparkProgramCommand'
    }
}
