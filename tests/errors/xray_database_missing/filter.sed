# The tools are missing as well; those have cases of their own.
/xray_database_missing/,/hint/!d
