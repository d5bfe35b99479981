"""The office's work in numbers and lists: backlog, due, refusals, workload and delay by month."""
