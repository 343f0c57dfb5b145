"""Reviews catalogues of any length: rows in files, judged part by part on the workers of dask."""
