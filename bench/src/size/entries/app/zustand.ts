export { create } from 'zustand'
