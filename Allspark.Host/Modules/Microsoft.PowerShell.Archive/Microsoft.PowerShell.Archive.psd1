@{
    ModuleVersion = '1.2.5'
    GUID = 'eb74e8da-9ae2-482a-a648-e96550fb8733'
    CompatiblePSEditions = 'Core'
    RootModule = 'Microsoft.PowerShell.Archive.psm1'
    FunctionsToExport = @('Compress-Archive', 'Expand-Archive')
    CmdletsToExport = @()
    AliasesToExport = @()
}
