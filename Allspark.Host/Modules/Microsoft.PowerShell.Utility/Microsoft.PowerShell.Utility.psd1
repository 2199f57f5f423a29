@{
    ModuleVersion = '7.0.0.0'
    GUID = '6d3fc19b-a71b-4449-895e-fce552b1bed3'
    CompatiblePSEditions = 'Core'
    NestedModules = '../../Allspark.Host.dll'
    FunctionsToExport = @()
    AliasesToExport = @()
    CmdletsToExport = @(
        'Compare-Object'
        'Format-Custom'
        'Format-List'
        'Format-Table'
        'Format-Wide'
        'Get-Unique'
        'Group-Object'
        'Join-String'
        'Measure-Object'
        'Out-File'
        'Out-String'
        'Select-Object'
        'Sort-Object'
        'Tee-Object'
        'Write-Debug'
        'Write-Error'
        'Write-Host'
        'Write-Information'
        'Write-Output'
        'Write-Progress'
        'Write-Verbose'
        'Write-Warning'
    )
}
