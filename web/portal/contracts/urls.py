"""The addresses of my contracts; they stand in my space."""

from django.urls import path

from web.portal.contracts import pages, proof

urlpatterns = [
    path("contracts/", pages.listed, name="contracts"),
    path("contracts/prove/", proof.prove_contract, name="prove_contract"),
    path("contracts/<str:number>/", pages.contract, name="contract"),
    path("contracts/<str:number>/name/", pages.name, name="name_contract"),
    path("contracts/<str:number>/remove/", pages.remove, name="remove_contract"),
]
