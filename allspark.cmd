@echo off
rem allspark: runs a PowerShell script, a command or a prompt with the Allspark module at hand; see the file allspark beside this one.
setlocal EnableExtensions
set "root=%~dp0"
where dotnet >nul 2>nul || (echo allspark: there is no dotnet on PATH. Install the .NET SDK 10. 1>&2 & exit /b 1)
set "DOTNET_NOLOGO=1"
set "DOTNET_CLI_TELEMETRY_OPTOUT=1"
set "POWERSHELL_TELEMETRY_OPTOUT=1"
set "POWERSHELL_UPDATECHECK=Off"

for /f tokens^=4^ delims^=^" %%v in ('findstr /r /c:"\"version\": *\"" "%root%.config\dotnet-tools.json"') do set "version=%%v"
set "packages=%NUGET_PACKAGES%"
if not defined packages set "packages=%USERPROFILE%\.nuget\packages"
call :find && goto :found
pushd "%root%"
dotnet tool restore >nul || (
    popd
    echo allspark: PowerShell %version% could not be restored. It needs the .NET SDK 10, the network once, and a folder of packages that can be written to ^(NUGET_PACKAGES names another^). 1>&2
    exit /b 1
)
popd
for /f "tokens=1*" %%a in ('dotnet nuget locals global-packages --list') do set "packages=%%b"
if "%packages:~-1%"=="\" set "packages=%packages:~0,-1%"
call :find || (echo allspark: PowerShell %version% is not in %packages%. 1>&2 & exit /b 1)

:found
set "start=& '%root:'=''%tools\Start-Allspark.ps1'"
set "script=%start% -Line $args; exit $LASTEXITCODE"
if "%~1"=="" (
    dotnet exec "%pwsh%" -NoLogo -NoExit -Command "%start%"
    exit /b
)
if /i "%~1"=="-Prepare" (
    dotnet exec "%pwsh%" -NoLogo -NoProfile -Command "%start% -Prepare"
    exit /b
)
if /i "%~1"=="-Command" goto :command
if /i "%~1"=="-c" goto :command
set "first=%~1"
if "%first:~0,1%"=="-" (dotnet exec "%pwsh%" -NoLogo %*) else (dotnet exec "%pwsh%" -NoLogo -NoProfile -CommandWithArgs "%script%" %*)
exit /b

:command
dotnet exec "%pwsh%" -NoLogo -NoProfile -Command "%start%; %~2"
exit /b

rem NuGet writes the metadata last, so half a package does not count.
:find
set "pwsh=%packages%\powershell\%version%\tools\net10.0\any\win\pwsh.dll"
if exist "%packages%\powershell\%version%\.nupkg.metadata" if exist "%pwsh%" exit /b 0
exit /b 1
