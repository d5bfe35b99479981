"""Personal data by law 09-08: print-outs for those concerned, rectifications, who may do it."""
