"""The biller API: banks fetch bills, post payments and read their settlement (/api/biller/v1/)."""
