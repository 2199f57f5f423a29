BeforeAll {
    $manifest = Join-Path (Resolve-Path (Join-Path $PSScriptRoot .. ..)) Allspark.psd1

    # In a runspace of its own, whose progress stream can be read.
    function Get-Progress([string] $Script) {
        $shell = [powershell]::Create([initialsessionstate]::CreateDefault2())
        try {
            $null = $shell.AddScript("Import-Module '$manifest'; `$workload = Split-VitWorkload deit_ti -Array stack-4x4; $Script").Invoke()
            $shell.HadErrors | Should -BeFalse
            $shell.Streams.Progress | ForEach-Object { $_ }
        }
        finally {
            $shell.Dispose()
        }
    }
}

Describe 'Progress' {
    It 'is shown once a command takes over a second, and cleared at its end' {
        $records = Get-Progress '1..4 | ForEach-Object { Start-Sleep -Milliseconds 400; $workload } | Invoke-AllsparkSchedule -Solver Greedy'
        $records.Count | Should -BeGreaterThan 1
        $records[0].Activity | Should -Be 'Invoke-AllsparkSchedule'
        $records[0].StatusDescription | Should -Be 'deit_ti on stack-4x4, Allspark'
        $records[-1].RecordType | Should -Be 'Completed'
        ($records | Where-Object RecordType -EQ Completed).Count | Should -Be 1
    }

    It 'is not shown for a moment''s work' {
        Get-Progress 'Get-DnnModel swin_t; New-PimArray stack-4x4; Measure-PimGemm 49 96 288 -Rows 8 -Columns 8' | Should -BeNullOrEmpty
    }
}
