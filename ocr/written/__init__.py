"""Files that are no pictures: office documents, mails, plain text, workbooks."""
