BeforeAll {
    Import-Module (Join-Path $PSScriptRoot .. .. Allspark.psd1)
    Push-Location $TestDrive
    $model = Get-DnnModel deit_ti
    $array = New-PimArray stack-4x4
    $schedule = $model | Split-VitWorkload -Array $array | Invoke-AllsparkSchedule -Solver Greedy
    'net.yaml', 'net[1].yaml' | ForEach-Object { $model | Export-DnnModel $_ }
    'array.yaml', 'array[1].yaml' | ForEach-Object { $array | Export-PimArray $_ }
    'schedule.json', 'schedule[1].json' | ForEach-Object { $schedule | Export-AllsparkSchedule $_ }
    'runs.db', 'runs[1].db' | ForEach-Object { $null = $schedule | Measure-PimInference -LogTo $_ }
    $cases = @{
        'Import-DnnModel' = { param($given) Import-DnnModel @given }
        'New-PimArray' = { param($given) New-PimArray @given }
        'Import-AllsparkSchedule' = { param($given) Import-AllsparkSchedule @given }
        'Get-AllsparkRun' = { param($given) Get-AllsparkRun @given }
    }
}

AfterAll { Pop-Location }

Describe 'Paths of <Cmdlet>' -ForEach @(
    @{ Cmdlet = 'Import-DnnModel'; Stem = 'net'; Extension = 'yaml' }
    @{ Cmdlet = 'New-PimArray'; Stem = 'array'; Extension = 'yaml' }
    @{ Cmdlet = 'Import-AllsparkSchedule'; Stem = 'schedule'; Extension = 'json' }
    @{ Cmdlet = 'Get-AllsparkRun'; Stem = 'runs'; Extension = 'db' }
) {
    It 'finds a name with brackets by -Path, by -LiteralPath and in full' {
        $name = "$Stem[1].$Extension"
        foreach ($given in @{ Path = $name }, @{ LiteralPath = $name }, @{ Path = "$PWD/$name" }, @{ LiteralPath = (Get-Item -LiteralPath $name).PSPath }) {
            @(& $cases[$Cmdlet] $given).Count | Should -Be 1
        }
    }

    It 'takes files from Get-ChildItem and Get-Item, brackets or not' {
        @(Get-ChildItem "$Stem*.$Extension" | & $Cmdlet -ErrorVariable failures).Count | Should -Be 2
        @([IO.FileInfo] "$PWD/$Stem[1].$Extension" | & $Cmdlet -ErrorVariable +failures).Count | Should -Be 1
        $failures | Should -BeNullOrEmpty
    }

    It 'expands wildcards of -Path alone' {
        @(& $cases[$Cmdlet] @{ Path = "$Stem*.$Extension" }).Count | Should -Be 2
        @(& $cases[$Cmdlet] @{ Path = "[${Stem}x]*$($Stem.Substring(1)).$Extension" }).Count | Should -Be 1
        { & $cases[$Cmdlet] @{ LiteralPath = "$Stem*.$Extension"; ErrorAction = 'Stop' } } | Should -Throw
    }

    It 'says so where nothing matches, or nothing is there' {
        { & $cases[$Cmdlet] @{ Path = "nothing[0-9].$Extension"; ErrorAction = 'Stop' } } |
            Should -Throw '*No file matches nothing*' -ErrorId "PathNotFound,*"
        { & $cases[$Cmdlet] @{ LiteralPath = "nothing.$Extension"; ErrorAction = 'Stop' } } | Should -Throw "*nothing.$Extension*"
        { & $cases[$Cmdlet] @{ LiteralPath = 'Env:PATH'; ErrorAction = 'Stop' } } | Should -Throw '*provider Environment*' -ErrorId 'NotAFilePath,*'
    }
}

Describe 'Other cmdlets' {
    It 'take what Export-* -PassThru emits' {
        @($model | Export-DnnModel 'again[2].yaml' -PassThru | Import-DnnModel).Count | Should -Be 1
        @($array | Export-PimArray 'again[3].yaml' -PassThru | New-PimArray).Count | Should -Be 1
        @($schedule | Export-AllsparkSchedule 'again[4].json' -PassThru | Import-AllsparkSchedule).Count | Should -Be 1
    }

    It 'take names with brackets as they are' {
        @(Get-AllsparkRun 'runs[1].db' | Compare-PimInference -Reference 1 -From 'runs[1].db').Count | Should -Be 1
        Get-AllsparkRun 'runs[1].db' | Export-AllsparkRun 'table[1].csv'
        Test-Path -LiteralPath 'table[1].csv' | Should -BeTrue
        Set-Content -LiteralPath 'packets[1].csv' 'cycle,source,target,flits', '0,0,15,5'
        (Measure-PimTraffic $array -TracePath 'packets[1].csv').Packets | Should -Be 1
        Remove-AllsparkRun 'runs[1].db' 1
        @(Get-AllsparkRun 'runs[1].db').Count | Should -Be 0
    }
}
