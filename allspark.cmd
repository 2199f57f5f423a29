@echo off
rem allspark: runs a PowerShell script, a command or a prompt with the Allspark module at hand; see the file allspark beside this one.
setlocal EnableExtensions
set "root=%~dp0"
set "hosts=%root%artifacts\host"
set "state=%root%artifacts\launcher"

if "%ALLSPARK_HOST%"=="" (
    set "ALLSPARK_HOST=embedded"
    for /f "tokens=2,3 delims=. " %%a in ('pwsh -Version 2^>nul') do (
        if %%a GTR 7 set "ALLSPARK_HOST=pwsh"
        if %%a EQU 7 if %%b GEQ 6 set "ALLSPARK_HOST=pwsh"
    )
)
if /i not "%ALLSPARK_HOST%"=="pwsh" if /i not "%ALLSPARK_HOST%"=="embedded" (
    echo allspark: ALLSPARK_HOST is '%ALLSPARK_HOST%'. It can be pwsh or embedded. 1>&2
    exit /b 1
)
if "%ALLSPARK_CONFIGURATION%"=="" set "ALLSPARK_CONFIGURATION=Release"

set "needsModule=yes"
if /i "%~nx1"=="build.ps1" set "needsModule=no"

if not exist "%state%" mkdir "%state%"
if exist "%root%Allspark.Sidecar\package-lock.json" if not exist "%root%Allspark.Sidecar\node_modules" (
    where npm >nul 2>nul && (
        echo allspark: installing the chart renderer 1>&2
        pushd "%root%Allspark.Sidecar" && call npm ci --ignore-scripts --no-audit --no-fund >"%state%\npm.log" 2>&1 & popd
    )
)
if /i "%ALLSPARK_HOST%"=="embedded" (
    call :stale "%hosts%\Allspark.Host.dll" Allspark.Host && (
        echo allspark: building the embedded host 1>&2
        call :publish Allspark.Host "%hosts%" || exit /b 1
    )
)
if "%needsModule%"=="yes" (
    call :stale "%root%module\Allspark.PowerShell.dll" Allspark.PowerShell Allspark.Engine tools && (
        echo allspark: building the module 1>&2
        call :publish Allspark.PowerShell "%root%module" || exit /b 1
    )
)

set "import=Import-Module '%root:'=''%Allspark.psd1'"
if "%~1"=="" call :run -NoExit -Command "%import%" & goto :end
if /i "%~1"=="-Prepare" exit /b 0
if /i "%~1"=="-Command" call :run -Command "%import%; %~2" & goto :end
if /i "%~1"=="-c" call :run -Command "%import%; %~2" & goto :end
set "first=%~1"
if "%first:~0,1%"=="-" (call :run %*) else (call :run -File %*)
:end
exit /b %ERRORLEVEL%

:run
if /i "%ALLSPARK_HOST%"=="pwsh" (pwsh -NoLogo %*) else (dotnet "%hosts%\Allspark.Host.dll" %*)
exit /b %ERRORLEVEL%

rem :stale <built file> <source folder>...: succeeds when the file is missing or older than a source.
:stale
if not exist "%~1" exit /b 0
powershell -NoProfile -Command "$built = (Get-Item '%~1').LastWriteTimeUtc; $new = '%2 %3 %4'.Trim().Split(' ') | ForEach-Object { Get-ChildItem (Join-Path '%root%' $_) -Recurse -File } | Where-Object LastWriteTimeUtc -GT $built | Select-Object -First 1; exit [int](-not $new)"
exit /b %ERRORLEVEL%

:publish
set "MSBUILDDISABLENODEREUSE=1"
set "DOTNET_NOLOGO=1"
dotnet publish "%root%%1" -c "%ALLSPARK_CONFIGURATION%" -v quiet -o "%~2" -p:UseSharedCompilation=false >"%state%\build.log" 2>&1 && exit /b 0
type "%state%\build.log" 1>&2
exit /b 1
