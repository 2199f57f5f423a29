# Runs the tests of one container: the script scope of this file is theirs.
$args[0].Invoke()
