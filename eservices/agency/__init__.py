"""The digital agency: requests that end in contracts, final bills, payments and refunds."""
