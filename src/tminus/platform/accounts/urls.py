"""Addresses of signing in, of one's own account, and of the installation's accounts."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from tminus.platform.accounts import views

urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("sign-in/demo/", views.demo_sign_in, name="demo-sign-in"),
    path("setup/", views.setup, name="setup"),
    path("link/<str:token>/", views.link, name="link"),
    path("reset/", views.reset, name="reset"),
    path("account/", views.account, name="account"),
    path("account/password/", views.password, name="password_change"),
    path("accounts/", views.accounts, name="accounts"),
]
