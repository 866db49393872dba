"""What every room needs and none owns: errors, quantities, files, folders, constants of nature."""
