BeforeAll {
    Import-Module (Join-Path $PSScriptRoot .. .. Allspark.psd1)
    $schedule = Split-VitWorkload swin_t -Array stack-8x8 | Invoke-AllsparkSchedule
    $file = Join-Path $TestDrive swin_t.json
    $schedule | Export-AllsparkSchedule -Path $file
}

Describe 'Export-AllsparkSchedule and Import-AllsparkSchedule' {
    It 'gives back the same schedule' {
        $read = Get-Item $file | Import-AllsparkSchedule
        $read.Solver.Name | Should -Be Import
        $read.Solver.Objective | Should -Be $schedule.Solver.Objective
        ($read | Measure-PimInference).EnergyJoules | Should -Be ($schedule | Measure-PimInference).EnergyJoules
    }

    It 'writes JSON that any reader takes' {
        $json = Get-Content -Raw $file | ConvertFrom-Json
        $json.model.name | Should -Be swin_t
        $json.phases.Count | Should -Be $schedule.Phases.Count
        $json.phases[1].kind | Should -Be Attention
    }

    It 'names the file after the schedule in a folder, and keeps one that is there' {
        $made = $schedule | Export-AllsparkSchedule -Path $TestDrive -PassThru
        $made.Name | Should -Be swin_t-stack-8x8-Allspark.json
        $schedule | Export-AllsparkSchedule -Path $TestDrive -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures[0].FullyQualifiedErrorId | Should -Be 'FileExists,Allspark.PowerShell.Commands.ExportAllsparkScheduleCommand'
        $schedule | Export-AllsparkSchedule -Path (Join-Path $TestDrive never.json) -WhatIf
        Join-Path $TestDrive never.json | Should -Not -Exist
    }

    It 'reads a schedule for another array of the same grid with the workload' {
        $slow = Split-VitWorkload swin_t -Array (New-PimArray stack-8x8 -MemoryBandwidthBytesPerSecond 2e9)
        $read = Import-AllsparkSchedule $file -Workload $slow
        ($read | Measure-PimInference).LatencySeconds | Should -BeGreaterThan ($schedule | Measure-PimInference).LatencySeconds
    }

    It 'does not measure an illegal edit, and says where it is' {
        $illegal = Join-Path $TestDrive illegal.json
        $lines = Get-Content $file
        $lines -replace '("block":"stages.0.blocks.1","kind":"Attention".*"region":0)', '$1,"windows":[0,1,2]' | Set-Content $illegal
        $edited = Import-AllsparkSchedule $illegal
        ($edited | Test-AllsparkSchedule).Findings[0].Phase | Should -Be 'stages.0.blocks.1 Attention'
        { $edited | Measure-PimInference -ErrorAction Stop } |
            Should -Throw '*3 windows*' -ErrorId 'IllegalSchedule,Allspark.PowerShell.Commands.MeasurePimInferenceCommand'
    }

    It 'names file, line and key of what is wrong, and goes on with the next file' {
        $broken = Join-Path $TestDrive broken.json
        (Get-Content $file) -replace '"kind":"Projection"', '"kind":"Projektion"' | Set-Content $broken
        $read = $broken, $file | Import-AllsparkSchedule -ErrorVariable failures -ErrorAction SilentlyContinue
        $read.Count | Should -Be 1
        $failures[0].FullyQualifiedErrorId | Should -Be 'InvalidSpecification,Allspark.PowerShell.Commands.ImportAllsparkScheduleCommand'
        "$($failures[0])" | Should -BeLike '*broken.json(8,*phases?0?.kind*Projection*'
    }

    It 'gives back a schedule of <Name>' -ForEach @(
        @{ Name = 'a text of one token'; Model = { Get-DnnModel gpt_j -SequenceLength 1 } }
        @{ Name = 'two texts'; Model = { Get-DnnModel gpt3_xl -SequenceLength 32 -Batch 2 } }
        @{ Name = 'four images in 8 bits'; Model = { Get-DnnModel deit_ti -Batch 4 -Precision Int8 } }
    ) {
        $written = & $Model | Split-VitWorkload -Array stack-8x8 | Invoke-AllsparkSchedule -Solver Greedy
        $path = Join-Path $TestDrive again.json
        $written | Export-AllsparkSchedule $path -Force
        $read = Import-AllsparkSchedule $path
        $read.Model.ContentHash | Should -Be $written.Model.ContentHash
        $read.Solver.Objective | Should -Be $written.Solver.Objective
    }

    It 'refuses to write two schedules to one file, even with -Force' {
        $path = Join-Path $TestDrive one.json
        $schedule, $schedule | Export-AllsparkSchedule $path -Force -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures.FullyQualifiedErrorId | Should -Be 'FileWrittenTwice,Allspark.PowerShell.Commands.ExportAllsparkScheduleCommand'
        (Import-AllsparkSchedule $path).Solver.Objective | Should -Be $schedule.Solver.Objective
        $schedule | Export-AllsparkSchedule $path -Force
    }
}
