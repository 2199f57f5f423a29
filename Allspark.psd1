@{
    RootModule = 'Allspark.psm1'
    ModuleVersion = '0.1.0'
    GUID = '6d2c1d0e-9f4b-4b7e-8f53-1f0a5c7f2a94'
    Author = 'Allspark contributors'
    Copyright = '(c) Allspark contributors. MIT licence.'
    Description = 'Schedules and measures vision Transformers on processing-in-memory arrays: splits a network over the nodes of a stacked DRAM, solves for the optimal schedule, and gives latency and energy with the bounds that they are held against.'

    PowerShellVersion = '7.6'
    CompatiblePSEditions = @('Core')

    FormatsToProcess = @(
        'Allspark.PowerShell/Formats/Costs.format.ps1xml'
        'Allspark.PowerShell/Formats/Machines.format.ps1xml'
        'Allspark.PowerShell/Formats/Measurements.format.ps1xml'
        'Allspark.PowerShell/Formats/Models.format.ps1xml'
        'Allspark.PowerShell/Formats/Partitions.format.ps1xml'
        'Allspark.PowerShell/Formats/Quantities.format.ps1xml'
        'Allspark.PowerShell/Formats/Runs.format.ps1xml'
        'Allspark.PowerShell/Formats/Schedules.format.ps1xml'
        'Allspark.PowerShell/Formats/Traffic.format.ps1xml'
    )

    TypesToProcess = @(
        'Allspark.PowerShell/Formats/Gemm.types.ps1xml'
        'Allspark.PowerShell/Formats/Quantities.types.ps1xml'
    )

    CmdletsToExport = @(
        'Compare-PimInference'
        'Export-AllsparkChart'
        'Export-AllsparkProgram'
        'Export-AllsparkRun'
        'Export-AllsparkSchedule'
        'Export-DnnModel'
        'Export-PimArray'
        'Get-AllsparkRun'
        'Get-DnnModel'
        'Get-PimArray'
        'Import-AllsparkSchedule'
        'Import-DnnModel'
        'Invoke-AllsparkSchedule'
        'Measure-PimGemm'
        'Measure-PimInference'
        'Measure-PimTraffic'
        'New-PimArray'
        'Remove-AllsparkRun'
        'Split-VitWorkload'
        'Test-AllsparkSchedule'
    )
    FunctionsToExport = @()
    AliasesToExport = @()
    VariablesToExport = @()

    PrivateData = @{
        PSData = @{
            Tags = @('PSEdition_Core', 'Linux', 'Windows', 'MacOS', 'PIM', 'Transformer', 'Scheduling', 'Simulation', 'Architecture')
        }
    }
}
